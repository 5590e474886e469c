import { fine } from "../rule.ts";
import { ofOperation } from "./path.ts";
import type { RequestRule } from "./rule.ts";

export const accept: RequestRule = {
  id: "accept",
  severity: "error",
  title: "Every request accepts JSON",
  source: "status.200.body",
  request: ofOperation(({ headers }, { page, responses }) => {
    const expected = responses.get(page.status)?.mediaType ?? "application/json";
    if (isAccepted(expected, String(headers.accept ?? "*/*"))) return fine;
    return [{ message: "The header Accept excludes JSON", expected, actual: headers.accept }];
  }),
};

/** By the most specific range that the type is in (RFC 9110, section 12.5.1). */
function isAccepted(type: string, header: string): boolean {
  if (header.trim() === "") return true;
  const ranges = header.split(",").map((range) => {
    const [name = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
    const quality = parameters.map((part) => /^q\s*=\s*(.*)$/.exec(part)?.[1]).find((q) => q !== undefined);
    return { name, quality: Number(quality ?? 1) };
  });
  const general = [type, type.replace(/\/.*/, "/*"), "*/*"];
  const range = general.map((name) => ranges.find((range) => range.name === name)).find(Boolean);
  return range !== undefined && range.quality > 0;
}
