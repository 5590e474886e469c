// The signature, against the signer of Huawei Cloud's own Node SDK.

import { AKSKSigner } from "@huaweicloud/huaweicloud-sdk-core/auth/AKSKSigner.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sign } from "../../src/wire/signature.ts";

describe("the signature", () => {
  it("is the same as that of Huawei Cloud's own signer, for thousands of requests", async () => {
    const printable = fc.string({ unit: "grapheme-ascii", maxLength: 12 });
    const text = fc.oneof(
      printable,
      fc.string({ unit: "binary", maxLength: 12 }).filter((text) => text.isWellFormed()),
    );
    const headerText = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/);
    // Its signer gets the path before escaping, and escapes these characters twice.
    const segment = text.map((text) => text.replace(/[\p{Cc}\s<>"`{}|\\^'/?#;]/gu, "").replace(/^\.+$/, "~"));
    const values = fc.oneof(text, fc.array(text, { minLength: 1, maxLength: 4 }));
    const request = fc.record({
      segments: fc.array(segment, { maxLength: 5 }),
      query: fc.dictionary(
        text.filter((name) => name !== "__proto__"),
        values,
        { maxKeys: 5 },
      ),
      projectId: headerText,
      securityToken: fc.option(headerText, { nil: undefined }),
      accessKey: headerText,
      secretKey: fc.string({ minLength: 1 }),
      time: fc.date({ min: new Date("2000-01-01"), max: new Date("2100-01-01"), noInvalidDate: true }),
    });
    await fc.assert(
      fc.asyncProperty(request, async ({ segments, query, projectId, securityToken, accessKey, secretKey, time }) => {
        const headers = {
          "X-Project-Id": projectId,
          ...(securityToken !== undefined && { "X-Security-Token": securityToken }),
        };
        const url = new URL(`https://dcs.example/${segments.map(encodeURIComponent).join("/")}`);
        for (const [name, values] of Object.entries(query)) {
          for (const value of [values].flat()) url.searchParams.append(name, value);
        }
        const ours = sign(
          { method: "GET", url, headers: { ...headers, Host: url.host } },
          { accessKey, secretKey },
          time,
        );

        const path = `/${segments.join("/")}`;
        expect(ours.authorization).toBe(
          officially({ path, query, headers, accessKey, secretKey, date: ours["x-sdk-date"] }),
        );
      }),
      { numRuns: 3000 },
    );
  });
});

interface OfficialRequest {
  path: string;
  query: Record<string, string | string[]>;
  headers: Record<string, string>;
  accessKey: string;
  secretKey: string;
  date: string;
}

/** The Authorization header of Huawei Cloud's Node SDK. */
function officially({ path, query, headers, accessKey, secretKey, date }: OfficialRequest): string {
  const request = {
    method: "GET",
    endpoint: `https://dcs.example${path}`,
    headers: { ...headers, "X-Sdk-Date": date },
    queryParams: structuredClone(query),
  };
  const credential = { getAk: () => accessKey, getSk: () => secretKey };
  return (AKSKSigner.sign(request as never, credential as never) as { Authorization: string }).Authorization;
}
