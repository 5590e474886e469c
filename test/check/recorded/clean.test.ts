// Cleaning: no secret is left anywhere, what was there can still be seen, and the rest stays as it was.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clean } from "../../../src/check/recorded/clean.ts";
import { isCleaned, malformedMark, mark, unfilledMark } from "../../../src/check/recorded/message.ts";
import { toLine } from "../../../src/check/recorded/ndjson.ts";
import { type Header, headerOf, isMissing, type Recorded } from "../../../src/check/recorded/recorded.ts";
import { withoutSecrets } from "../../../src/check/recorded/secrets.ts";
import { exchange, path, token } from "./samples.ts";

const { request, response } = exchange();
const withRequest = (changes: Partial<Recorded["request"]>, others: Partial<Recorded> = {}) =>
  exchange({ request: { ...request, ...changes }, ...others });
const withResponse = (changes: object, headers: readonly Header[] = request.headers) =>
  exchange({ request: { ...request, headers }, response: { ...response, ...changes } as Recorded["response"] });

const inRequest = (recorded: Recorded, name: string) => headerOf(clean(recorded).request, name);

describe("headers", () => {
  it.each([
    "Authorization",
    "Cookie",
    "X-Auth-Token",
    "X-Security-Token",
    "X-Subject-Token",
    "Proxy-Authorization",
    "X-Api-Key",
  ])("%s loses its value, and keeps its name", (name) => {
    const recorded = withRequest({
      headers: [
        ["Host", "a"],
        [name, token],
      ],
    });
    const cleaned = clean(recorded);
    expect(cleaned.request.headers).toEqual([
      ["Host", "a"],
      [name, mark],
    ]);
    expect(cleaned.cleaned).toEqual({ secrets: 1, repeats: 0, echoes: [] });
    expect(isCleaned(mark)).toBe(true);
  });

  it("Set-Cookie of a response does as well; what is no secret stays", () => {
    const headers: Header[] = [
      ["Set-Cookie", `sid=${token}; Path=/`],
      ["Content-Type", "application/json"],
      ["X-Request-Id", "abc-123-def"],
    ];
    const { response } = clean(withResponse({ headers }));
    expect(!isMissing(response) && response.headers).toEqual([["Set-Cookie", mark], ...headers.slice(1)]);
  });

  it.each(["", " "])("that is empty (%j) stays so: there was nothing", (value) => {
    expect(inRequest(withRequest({ headers: [["X-Auth-Token", value]] }), "x-auth-token")).toBe(value);
  });

  it("keep the name of a scheme", () => {
    expect(inRequest(withRequest({ headers: [["Authorization", `Bearer ${token}`]] }), "authorization")).toBe(
      `Bearer ${mark}`,
    );
  });

  it("show that a token was a placeholder, and not which", () => {
    for (const value of ["undefined", "<token>", `$${"{TOKEN}"}`])
      expect(inRequest(withRequest({ headers: [["X-Auth-Token", value]] }), "x-auth-token")).toBe(unfilledMark);
  });

  it("such as :authority and WWW-Authenticate are no credentials", () => {
    const pseudoHeaders: Header[] = [
      [":authority", "dcs.example.com"],
      [":path", `${path}?access_token=${token}`],
    ];
    expect(clean(withRequest({ pseudoHeaders })).request.pseudoHeaders).toEqual([
      pseudoHeaders[0],
      [":path", `${path}?access_token=${mark}`],
    ]);
    const headers: Header[] = [
      ["WWW-Authenticate", 'Basic realm="x"'],
      ["Access-Control-Allow-Credentials", "true"],
    ];
    expect(clean(withResponse({ headers })).response).toMatchObject({ headers });
  });
});

describe("a signature", () => {
  const hex = "5a2ce64c865e0e6046321c6f3d5a77ba8413eeaf355c3166c03d58d02ac79624";
  const signed = (access: string, names: string, signature: string) =>
    inRequest(
      withRequest({
        headers: [
          ["Authorization", `SDK-HMAC-SHA256 Access=${access}, SignedHeaders=${names}, Signature=${signature}`],
        ],
      }),
      "authorization",
    );

  it("keeps its algorithm and the names of the headers that it covers", () => {
    expect(signed("AccessKeyId123", "host;x-sdk-date", hex)).toBe(
      `SDK-HMAC-SHA256 Access=${mark}, SignedHeaders=host;x-sdk-date, Signature=${mark}`,
    );
  });

  it("shows that it is none", () => {
    expect(signed("AccessKeyId123", "host", hex.toUpperCase())).toContain(`Signature=${malformedMark}`);
    expect(signed("Access Key", "host", hex)).toContain(`Access=${malformedMark}, `);
  });

  it("loses what stands there in another form", () => {
    const value = `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE123/x, SignedHeaders=host, Signature=${hex}, ${token}`;
    const cleaned = inRequest(withRequest({ headers: [["Authorization", value]] }), "authorization") ?? "";
    expect(cleaned).toMatch(/^AWS4-HMAC-SHA256 Credential=\*+/);
    for (const secret of ["AKIDEXAMPLE", hex, token]) expect(cleaned).not.toContain(secret);
  });

  it("and the access key are taken out where a response repeats them; the key, an ID, is no echo", () => {
    const headers: Header[] = [
      ["Authorization", `SDK-HMAC-SHA256 Access=AccessKeyId123, SignedHeaders=host, Signature=${hex}`],
    ];
    const text = `{"error_msg":"AccessKeyId123 is locked"}`;
    const cleaned = clean(withResponse({ body: { text } }, headers));
    expect(cleaned.response).toMatchObject({ body: { text: `{"error_msg":"${mark} is locked"}` } });
    expect(cleaned.cleaned).toEqual({ secrets: 2, repeats: 1, echoes: [] });
    expect(clean(withResponse({ body: { text: hex } }, headers)).cleaned).toMatchObject({ echoes: ["body"] });
  });
});

describe("addresses", () => {
  it("lose secret parameters, names and passwords, and keep the others", () => {
    const url = `https://user:pa55word@dcs.example.com${path}?limit=10&X-Auth-Token=${token}&offset=0&sig%6Eature=abc`;
    const cleaned = clean(withRequest({ url, headers: [["Referer", `https://a.example/?code=1&session=${token}`]] }));
    expect(cleaned.request.url).toBe(
      `https://${mark}@dcs.example.com${path}?limit=10&X-Auth-Token=${mark}&offset=0&sig%6Eature=${mark}`,
    );
    expect(headerOf(cleaned.request, "referer")).toBe(`https://a.example/?code=1&session=${mark}`);
  });

  it("lose repeats of other secrets", () => {
    const url = `${path}?limit=10&debug=${token}`;
    expect(clean(withRequest({ url })).request.url).toBe(`${path}?limit=10&debug=${mark}`);
  });

  it("of a response as well", () => {
    const headers: Header[] = [["Location", `/next#access_token=${token}&x=1`]];
    expect(clean(withResponse({ headers })).response).toMatchObject({
      headers: [["Location", `/next#access_token=${mark}&x=1`]],
    });
  });
});

describe("bodies", () => {
  it("of a request are taken out, with their length told", () => {
    const cleaned = clean(withRequest({ body: { text: '{"password":"x"}' } }));
    expect(cleaned.request.body).toEqual({ missing: "cleaned", bytes: 16 });
    expect(clean(exchange()).request.body).toEqual({ text: "" });
  });

  it("of JSON lose the values of fields with such names, and stay JSON", () => {
    const text = JSON.stringify({ access_token: token, nested: { "secret-key": 'a"b' }, status: "succeed", size: 1 });
    const cleaned = clean(withResponse({ body: { text } })).response;
    expect(cleaned).toMatchObject({
      body: {
        text: JSON.stringify({ access_token: mark, nested: { "secret-key": mark }, status: "succeed", size: 1 }),
      },
    });
  });

  it.each<[string, (secret: string) => string]>([
    ["as it is", (secret) => secret],
    ["in JSON", (secret) => JSON.stringify(secret).slice(1, -1)],
    [
      "escaped for JSON, each character",
      (secret) => secret.replace(/./gs, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`),
    ],
    ["percent-encoded", encodeURIComponent],
    [
      "percent-encoded, each character",
      (secret) => secret.replace(/./gs, (char) => `%${char.charCodeAt(0).toString(16)}`),
    ],
    ["in HTML", (secret) => secret.replace(/[/"+=]/g, (char) => `&#x${char.charCodeAt(0).toString(16)};`)],
    ["in HTML, decimal", (secret) => secret.replace(/./gs, (char) => `&#${char.charCodeAt(0)};`)],
    ["in lower case", (secret) => secret.toLowerCase()],
    ["cut at its end", (secret) => secret.slice(0, 20)],
    ["cut at its start", (secret) => secret.slice(-20)],
  ])("lose repeats %s, and keep the rest, byte for byte", (_, written) => {
    const secret = 'aB3/"+=xyzZ9876-tokenish_string';
    const headers: Header[] = [["X-Auth-Token", secret]];
    const body = (text: string) => ({ text: `{"a\\n":"\\u00e9 %41 ${text}","b":"é"}` });
    const cleaned = clean(
      withResponse({ body: body(written(secret)), headers: [["X-Y", `<${written(secret)}>`]] }, headers),
    );
    expect(cleaned.response).toMatchObject({ body: body(mark), headers: [["X-Y", `<${mark}>`]] });
    expect(cleaned.cleaned).toMatchObject({ secrets: 1, repeats: 2 });
  });

  it("that are not UTF-8 lose them too", () => {
    const bytes = Buffer.concat([Buffer.from([0xff]), Buffer.from(token), Buffer.from([0xfe])]);
    const cleaned = clean(withResponse({ body: { bytes } })).response;
    expect(cleaned).toMatchObject({
      body: { bytes: Buffer.concat([Buffer.from([0xff]), Buffer.from(mark), Buffer.from([0xfe])]) },
    });
  });

  it("say where a secret of the request was repeated", () => {
    const headers: Header[] = [
      ["X-Debug", `got ${token}`],
      ["Set-Cookie", token],
    ];
    expect(clean(withResponse({ headers, body: { text: `"${token}"` } })).cleaned?.echoes).toEqual([
      "X-Debug",
      "Set-Cookie",
      "body",
    ]);
    expect(clean(exchange()).cleaned?.echoes).toEqual([]);
  });
});

describe("cookies", () => {
  const cookie = (value: string): Header[] => [
    ["Cookie", `a=${value}; theme=succeed; id=9b1a3e02-1111-4444-8888-123456789abc`],
  ];

  it("are looked for elsewhere, but for words, and IDs that the address has", () => {
    const text = '{"sid":"s3cr3t-sid","status":"succeed","instance_id":"9b1a3e02-1111-4444-8888-123456789abc"}';
    const { request, response } = clean(withResponse({ body: { text } }, cookie("s3cr3t-sid")));
    expect(request.headers).toEqual([["Cookie", mark]]);
    expect(request.url).toContain(path);
    expect(response).toMatchObject({ body: { text: text.replace("s3cr3t-sid", mark) } });
  });

  it("are looked for if only the lists of a HAR name them", () => {
    const cleaned = clean({ ...withResponse({ body: { text: "hello s3cr3t-sid" } }), secrets: ["s3cr3t-sid"] });
    expect(cleaned.response).toMatchObject({ body: { text: `hello ${mark}` } });
    expect(cleaned).not.toHaveProperty("secrets");
  });
});

it("why there was no answer may name a secret, and then does not", () => {
  const cleaned = clean(exchange({ response: { missing: "never-answered", detail: `bad token ${token}` } }));
  expect(cleaned.response).toEqual({ missing: "never-answered", detail: `bad token ${mark}` });
});

it("nothing is left of any secret, and cleaning again changes nothing", () => {
  const secretText = fc.string({ unit: fc.constantFrom(..."abcXYZ0189-_+/=."), minLength: 12, maxLength: 80 });
  const escapes = fc.constantFrom<(text: string) => string>(String, encodeURIComponent, (text) =>
    JSON.stringify(text).slice(1, -1),
  );
  fc.assert(
    fc.property(secretText, fc.string({ maxLength: 9 }), escapes, (secret, around, escaped) => {
      const written = `${around}${escaped(secret)}`;
      const recorded = withResponse(
        { headers: [["X-Echo", written]], body: { text: JSON.stringify({ msg: written, token: secret }) } },
        [["X-Auth-Token", secret]],
      );
      const cleaned = clean(recorded);
      const line = toLine(cleaned);
      expect(line.toLowerCase()).not.toContain(secret.toLowerCase());
      expect(line).not.toContain(escaped(secret));
      expect(() => JSON.parse((cleaned.response as { body: { text: string } }).body.text)).not.toThrow();
      expect(clean(cleaned)).toEqual(cleaned);
    }),
  );
});

it("a text without secrets is the same text", () => {
  const text = 'x \\u0041 %41 "é"';
  expect(withoutSecrets(text, [token])).toEqual({ text, count: 0 });
  expect(withoutSecrets(`İ%20${token}İ`, [token])).toEqual({ text: `İ%20${mark}İ`, count: 1 });
  expect(withoutSecrets(`${text}${token}`, [token])).toEqual({ text: `${text}${mark}`, count: 1 });
});
