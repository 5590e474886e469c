import { fine } from "../../../wire/rule.ts";
import { sourceOfBody } from "../../engine/sources.ts";
import type { Rule } from "../../model/rule.ts";
import { hasContractBody } from "../status.ts";

export const mediaType: Rule = {
  id: "media-type",
  severity: "error",
  title: "A body is application/json in UTF-8",
  source: "status.200.body",
  exchange(exchange, { contract }) {
    if (!hasContractBody(exchange)) return undefined;
    const found = exchange.answer?.headers.get("content-type") ?? "";
    const [type = "", ...parameters] = found
      .toLowerCase()
      .split(";")
      .map((part) => part.trim());
    const charset = parameters.find((parameter) => parameter.startsWith("charset="));
    const isUtf8 = charset === undefined || /^charset="?utf-?8"?$/.test(charset);
    if (type === exchange.answer?.documented?.mediaType && isUtf8) return fine;
    const message = found === "" ? "The response has no Content-Type" : "The Content-Type is not JSON in UTF-8";
    return [
      {
        message,
        expected: String(exchange.answer?.documented?.mediaType),
        ...(found && { actual: found }),
        ...sourceOfBody(exchange, contract),
      },
    ];
  },
};
