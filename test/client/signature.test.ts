// The signature, against the vectors of Huawei Cloud's Go SDK, and against the signer of its Node SDK.

import { createHash, createHmac } from "node:crypto";
import { AKSKSigner } from "@huaweicloud/huaweicloud-sdk-core/auth/AKSKSigner.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sign } from "../../src/client/signature.ts";

const key = { accessKey: "AccessKey", secretKey: "SecretKey" };
const time = new Date("2006-01-02T15:04:05.999Z");

describe("the signature", () => {
  it("is that of the published vector", async () => {
    const url = new URL("https://example.huaweicloud.com/path?limit=1");
    expect(await sign({ method: "GET", url, headers: {} }, key, time)).toEqual({
      "x-sdk-date": "20060102T150405Z",
      authorization:
        "SDK-HMAC-SHA256 Access=AccessKey, SignedHeaders=x-sdk-date, " +
        "Signature=5a2ce64c865e0e6046321c6f3d5a77ba8413eeaf355c3166c03d58d02ac79624",
    });
  });

  it("has the published canonical query of reserved, repeated and Chinese values", async () => {
    const query = { limit: "1", enable: "true", test: "一 (&=?!#%.*)", path: "/tmp/123" };
    const url = new URL("https://example.huaweicloud.com/path");
    for (const [name, value] of Object.entries(query)) url.searchParams.append(name, value);
    for (const value of ["2", "3", "1"]) url.searchParams.append("multi", value);
    const canonical =
      "enable=true&limit=1&multi=1&multi=2&multi=3&path=%2Ftmp%2F123&test=%E4%B8%80%20%28%26%3D%3F%21%23%25.%2A%29";
    const { authorization } = await sign({ method: "GET", url, headers: {} }, key, time);
    expect(authorization).toContain(`Signature=${signature(canonical)}`);
  });

  it("is of headers as they arrive, without spaces around them", async () => {
    const url = new URL("https://h.example/");
    const signed = (value: string) => sign({ method: "GET", url, headers: { "x-project-id": value } }, key, time);
    expect(await signed("  p ")).toEqual(await signed("p"));
  });

  it("differs with every part of the request", async () => {
    const base = { method: "GET", url: new URL("https://h.example/a/b?c=d"), headers: { Host: "h.example" } };
    const variants: Parameters<typeof sign>[] = [
      [base, key, time],
      [{ ...base, method: "HEAD" }, key, time],
      [{ ...base, url: new URL("https://h.example/a/c?c=d") }, key, time],
      [{ ...base, url: new URL("https://h.example/a/b?c=e") }, key, time],
      [{ ...base, headers: { Host: "i.example" } }, key, time],
      [base, { ...key, secretKey: "Other" }, time],
      [base, key, new Date("2006-01-02T15:04:06Z")],
    ];
    const signed = await Promise.all(variants.map((variant) => sign(...variant)));
    expect(new Set(signed.map(({ authorization }) => authorization.split("Signature=")[1])).size).toBe(variants.length);
  });

  it("is the one that Huawei Cloud's own signer makes, for thousands of requests", async () => {
    const printable = fc.string({ unit: "grapheme-ascii", maxLength: 12 });
    const text = fc.oneof(
      printable,
      fc.string({ unit: "binary", maxLength: 12 }).filter((text) => text.isWellFormed()),
    );
    const headerText = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/);
    // Its signer gets the path as it is before escaping, and escapes what these characters became on the way twice.
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
        const ours = await sign(
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

/** The signature of GET /path with that query, made of nothing but Node's crypto. */
function signature(canonicalQuery: string): string {
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
  const request = ["GET", "/path/", canonicalQuery, "x-sdk-date:20060102T150405Z\n", "x-sdk-date", sha256("")].join(
    "\n",
  );
  const stringToSign = ["SDK-HMAC-SHA256", "20060102T150405Z", sha256(request)].join("\n");
  return createHmac("sha256", key.secretKey).update(stringToSign).digest("hex");
}

interface OfficialRequest {
  path: string;
  query: Record<string, string | string[]>;
  headers: Record<string, string>;
  accessKey: string;
  secretKey: string;
  date: string;
}

/** The Authorization header by the signer of Huawei Cloud's Node SDK. */
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
