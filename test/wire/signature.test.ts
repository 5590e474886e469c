// The signature, against the vectors of Huawei Cloud's Go SDK. (Against the signer of its Node SDK: test/package.)

import { createHash, createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { sign } from "../../src/wire/signature.ts";

const key = { accessKey: "AccessKey", secretKey: "SecretKey" };
const time = new Date("2006-01-02T15:04:05.999Z");

describe("the signature", () => {
  it("matches the published vector", async () => {
    const url = new URL("https://example.huaweicloud.com/path?limit=1");
    expect(sign({ method: "GET", url, headers: {} }, key, time)).toEqual({
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
    const { authorization } = sign({ method: "GET", url, headers: {} }, key, time);
    expect(authorization).toContain(`Signature=${signature(canonical)}`);
  });

  it("covers headers as they arrive, without spaces around them", async () => {
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
});

/** The signature of GET /path with that query, made only with Node's crypto. */
function signature(canonicalQuery: string): string {
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
  const request = ["GET", "/path/", canonicalQuery, "x-sdk-date:20060102T150405Z\n", "x-sdk-date", sha256("")].join(
    "\n",
  );
  const stringToSign = ["SDK-HMAC-SHA256", "20060102T150405Z", sha256(request)].join("\n");
  return createHmac("sha256", key.secretKey).update(stringToSign).digest("hex");
}
