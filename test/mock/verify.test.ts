// What the mock says of credentials: which it accepts, and why it refuses the others.

import { describe, expect, it } from "vitest";
import { type Refusal, verify } from "../../src/mock/verify.ts";
import type { Credentials } from "../../src/wire/credentials.ts";
import { hmac, received, sha256 } from "./arrived.ts";

const token = { token: "the-token-of-the-mock" };
const keys = { accessKey: "ACCESS-KEY-1", secretKey: "the-secret-key-1" };
const temporary = { ...keys, securityToken: "the-security-token-1" };
const date = "20240501T120000Z";

/** The headers of GET /v2/p/instances/i/backups?limit=10, signed as each header says. */
function signed(change: Record<string, string | undefined> = {}, secretKey = keys.secretKey) {
  const headers: Record<string, string> = { host: "h.example", "x-sdk-date": date };
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) delete headers[name];
    else headers[name] = value;
  }
  const names = Object.keys(headers).sort();
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join("");
  const body = headers["x-sdk-content-sha256"] || sha256("");
  const request = ["GET", "/v2/p/instances/i/backups/", "limit=10", lines, names.join(";"), body].join("\n");
  const signature = hmac(secretKey, `SDK-HMAC-SHA256\n${headers["x-sdk-date"]}\n${sha256(request)}`);
  const authorization = `SDK-HMAC-SHA256 Access=${keys.accessKey}, SignedHeaders=${names.join(";")}, Signature=${signature}`;
  return { ...headers, authorization };
}

const target = "/v2/p/instances/i/backups?limit=10";
const judge = (headers: Record<string, string | undefined>, credentials: Credentials) =>
  verify(received(target, headers), credentials);

describe("a token", () => {
  it("is accepted if it is the one", () => {
    expect(judge({ "x-auth-token": token.token }, token)).toBeUndefined();
  });

  it.each([
    ["is missing", {}, "X-Auth-Token is missing: the mock expects a token"],
    ["is empty", { "x-auth-token": "" }, "X-Auth-Token has another token than the mock accepts"],
    ["is another one", { "x-auth-token": "another" }, "X-Auth-Token has another token than the mock accepts"],
    ["is cut", { "x-auth-token": "the-token-of-the-moc" }, "X-Auth-Token has another token than the mock accepts"],
    [
      "has a scheme before it",
      { "x-auth-token": `Bearer ${token.token}` },
      "X-Auth-Token has more than the token that the mock accepts",
    ],
    [
      "is in Authorization",
      { authorization: `Bearer ${token.token}` },
      "X-Auth-Token is missing: the mock expects a token there, and not in Authorization",
    ],
    ["is a signature", signed(), "A signature was sent, but the mock expects a token in X-Auth-Token"],
  ])("that %s is refused", (_what, headers, reason) => {
    expect(judge(headers, token)).toEqual({ reason, explanation: [] });
  });
});

describe("a signature", () => {
  it.each([
    ["is right", signed(), keys],
    ["covers more headers", signed({ "x-project-id": "p", accept: "a/b" }), keys],
    ["covers no host", signed({ host: undefined }), keys],
    ["is of temporary keys", signed({ "x-security-token": temporary.securityToken }), temporary],
    ["is beside a token", { ...signed(), "x-auth-token": "any" }, keys],
    ["is beside other headers", { ...signed(), "user-agent": "any" }, keys],
    ["does not cover the body", signed({ "x-sdk-content-sha256": "UNSIGNED-PAYLOAD" }), keys],
    ["names the hash of the body", signed({ "x-sdk-content-sha256": sha256("") }), keys],
    ["names no hash of the body", signed({ "x-sdk-content-sha256": "" }), keys],
    ["is 15 minutes old", signed({ "x-sdk-date": "20240501T114500Z" }), keys],
    ["is 15 minutes early", signed({ "x-sdk-date": "20240501T121500Z" }), keys],
  ])("that %s is accepted", (_what, headers, credentials) => {
    expect(judge(headers, credentials)).toBeUndefined();
  });

  const form = "SDK-HMAC-SHA256 Access=<AK>, SignedHeaders=<a;b;c>, Signature=<64 hexadecimal digits>";
  const right = signed().authorization;
  const withAuthorization = (authorization: string) => ({ ...signed(), authorization });

  it.each([
    ["is missing", {}, keys, "Authorization is missing: the mock expects a signature"],
    [
      "is a token",
      { "x-auth-token": "any" },
      keys,
      "A token was sent, but the mock expects a signature in Authorization",
    ],
    [
      "is of another scheme",
      withAuthorization("Bearer abcdefgh"),
      keys,
      `Authorization is not a signature. Expected is ${form}`,
    ],
    [
      "is of another algorithm",
      withAuthorization(right.replace("SDK", "AWS4")),
      keys,
      `The algorithm is AWS4-HMAC-SHA256. Expected is ${form}`,
    ],
    ...["Access", "SignedHeaders", "Signature"].map(
      (name): [string, ReturnType<typeof signed>, Credentials, string] => [
        `has no ${name}`,
        withAuthorization(right.replace(`${name}=`, "Other=")),
        keys,
        `Authorization has no ${name}. Expected is ${form}`,
      ],
    ),
    [
      "has no space after a comma",
      withAuthorization(right.replaceAll(", ", ",")),
      keys,
      `Authorization has another form. Expected is ${form}`,
    ],
    [
      "is of another access key",
      signed(),
      { ...keys, accessKey: "ACCESS-KEY-2" },
      "The access key is another one than the mock accepts",
    ],
    [
      "does not cover the date",
      withAuthorization(right.replace(";x-sdk-date", "")),
      keys,
      "X-Sdk-Date is not signed. Expected is x-sdk-date among SignedHeaders",
    ],
    [
      "names a header twice",
      withAuthorization(right.replace("=host", "=host;host")),
      keys,
      "SignedHeaders names a header twice",
    ],
    ["covers a header that was not sent", { ...signed(), host: undefined }, keys, "Signed but not sent: host"],
    [
      "covers a header of every object",
      withAuthorization(right.replace("=host", "=constructor")),
      keys,
      "Signed but not sent: constructor",
    ],
    [
      "has no date",
      { ...signed(), "x-sdk-date": undefined },
      keys,
      "The request has no X-Sdk-Date. Expected is YYYYMMDDTHHMMSSZ",
    ],
    [
      "has a date of another form",
      signed({ "x-sdk-date": "2024-05-01T12:00:00Z" }),
      keys,
      "X-Sdk-Date is not a time. Expected is YYYYMMDDTHHMMSSZ",
    ],
    [
      "is too old",
      signed({ "x-sdk-date": "20240501T114400Z" }),
      keys,
      "X-Sdk-Date is 16 minutes in the past. Expected is the current time, in UTC",
    ],
    [
      "is too early",
      signed({ "x-sdk-date": "20240501T121600Z" }),
      keys,
      "X-Sdk-Date is 16 minutes in the future. Expected is the current time, in UTC",
    ],
    ["of temporary keys has no token", signed(), temporary, "X-Security-Token is missing: the keys are temporary ones"],
    [
      "of temporary keys has another token",
      signed({ "x-security-token": "another" }),
      temporary,
      "X-Security-Token has another token than the mock accepts",
    ],
    [
      "of lasting keys has a token",
      signed({ "x-security-token": temporary.securityToken }),
      keys,
      "X-Security-Token was sent, but the keys are not temporary ones",
    ],
    [
      "names another hash of the body",
      signed({ "x-sdk-content-sha256": sha256("other") }),
      keys,
      "X-Sdk-Content-Sha256 is neither the hash of the body nor UNSIGNED-PAYLOAD",
    ],
    [
      "names its headers in capitals only in Authorization",
      withAuthorization(right.replace("=host", "=Host")),
      keys,
      "SignedHeaders in Authorization is not sorted and in lower case: what was signed is",
    ],
    [
      "sorts its headers, but not in Authorization",
      withAuthorization(right.replace("host;x-sdk-date", "x-sdk-date;host")),
      keys,
      "SignedHeaders in Authorization is not sorted and in lower case: what was signed is",
    ],
  ] as [string, Record<string, string | undefined>, Credentials, string][])(
    "that %s is refused",
    (_what, headers, credentials, reason) => {
      expect(judge(headers, credentials)).toEqual({ reason, explanation: [] });
    },
  );

  it("with a broken escape in its path is refused", () => {
    for (const path of ["/%", "/%zz", "/%e4"]) {
      expect(verify(received(path, signed()), keys)?.reason).toMatch(/^The path has a broken escape/);
    }
  });

  it("is told with what was signed if it is another one", () => {
    const { reason, explanation } = judge(signed({}, "another-secret-key"), keys) as Refusal;
    expect(reason).toBe("The signature differs: the secret key is another one, or a part that the mock cannot tell");
    const request = [
      "GET",
      "/v2/p/instances/i/backups/",
      "limit=10",
      "host:h.example",
      `x-sdk-date:${date}`,
      "",
      "host;x-sdk-date",
      sha256(""),
    ];
    expect(explanation.slice(0, -2)).toEqual([
      "The canonical request, as the mock computes it:",
      ...request.map((line) => `| ${line}`),
      "The string to sign, with the hash of the canonical request:",
      "| SDK-HMAC-SHA256",
      `| ${date}`,
      `| ${sha256(request.join("\n"))}`,
    ]);
  });

  it("has the published vector", () => {
    const headers = {
      "x-sdk-date": "20060102T150405Z",
      authorization:
        "SDK-HMAC-SHA256 Access=AccessKey, SignedHeaders=x-sdk-date, " +
        "Signature=5a2ce64c865e0e6046321c6f3d5a77ba8413eeaf355c3166c03d58d02ac79624",
    };
    const key = { accessKey: "AccessKey", secretKey: "SecretKey" };
    const request = (target: string) => received(target, headers, { at: new Date("2006-01-02T15:04:05Z") });
    expect(verify(request("/path?limit=1"), key)).toBeUndefined();
    expect(verify(request("/path?limit=2"), key)?.explanation).toContain("| limit=2");
    expect(verify(request("https://example.huaweicloud.com/path?limit=1"), key)).toBeUndefined();
    expect(verify(request("/path/?limit=1"), key)).toBeUndefined();
    expect(verify(request("/path?limit=1&limit=1"), key)).toBeDefined();
  });
});
