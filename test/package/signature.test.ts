// The signature, against the signer of Huawei Cloud's own Node SDK.

import { createHash } from "node:crypto";
import { AKSKSigner } from "@huaweicloud/huaweicloud-sdk-core/auth/AKSKSigner.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { verify } from "../../src/mock/verify.ts";
import { sign } from "../../src/wire/signature.ts";

describe("the signature", () => {
  it("is the same as that of Huawei Cloud's own signer, which the mock accepts, for thousands of requests", async () => {
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
      accessKey: fc.stringMatching(/^[!-+\--~]{1,20}$/), // no comma: it ends the key in Authorization
      secretKey: fc.string({ minLength: 1 }),
      time: fc.date({ min: new Date("2000-01-01"), max: new Date("2100-01-01"), noInvalidDate: true }),
    });
    let requests = 0;
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
        const date = ours["x-sdk-date"];
        const authorization = officially({ path, query, headers, accessKey, secretKey, date });
        expect(ours.authorization).toBe(authorization);

        const sent = { host: url.host, "x-project-id": projectId, "x-sdk-date": date, authorization };
        const request = {
          number: 1,
          at: time,
          method: "GET",
          path: url.pathname,
          query: url.searchParams,
          target: url.pathname + url.search,
          headers: { ...sent, ...(securityToken !== undefined && { "x-security-token": securityToken }) },
          bodyBytes: 0,
          bodyHash: createHash("sha256").digest("hex"),
        };
        const credentials = { accessKey, secretKey, securityToken };
        expect(verify(request, credentials)).toBeUndefined();
        requests += 1;
        // Why it is another one is searched for, which takes its time.
        if (requests % 100 === 0)
          expect(verify({ ...request, target: `/-${request.target}` }, credentials)?.reason).toMatch(/signature/i);
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
