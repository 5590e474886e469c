// The recorder between a consumer and a faulty mock: no request stays unjudged.

import { describe, expect, it } from "vitest";
import { numberHeader, type Received, startRecorder } from "../../src/check/consumer/recorder.ts";
import { consumerRules } from "../../src/check/consumer/rules/index.ts";
import { success } from "../../src/check/consumer/rules/success.ts";
import { listenError, type Violation } from "../../src/mock/index.ts";
import { baseContract } from "../../src/wire/contract.ts";
import { type Answer, reply, startServer } from "../client/server.ts";

const path = "/v2/my-project/instances/my-instance/backups";

/** What happens to one request if the mock judges and answers like this. */
async function record(
  answer: Answer,
  judgement?: Violation[],
): Promise<{ received: Received[]; status: number | undefined; answered: Headers | undefined }> {
  const judgements = new Map<string, readonly Violation[]>();
  await using mock = await startServer((request, response) => {
    if (judgement) judgements.set(String(request.headers[numberHeader]), judgement);
    return answer(request, response);
  });
  const received: Received[] = [];
  const recorder = await startRecorder(mock.url, judgements, 0, (request) => received.push(request));
  const headers = { "X-Auth-Token": "the-token", "Accept-Language": "en" };
  const response = await fetch(`${recorder.url}${path}?limit=10`, { headers }).catch(() => undefined);
  await response?.text().catch(() => {});
  await recorder.close();
  expect(mock.received[0]).toMatchObject({
    method: "GET",
    target: `${path}?limit=10`,
    headers: { "accept-language": "en" },
  });
  expect(judgements).toEqual(new Map());
  return { received, status: response?.status, answered: response?.headers };
}

/** The rules' findings on it, except for the error response itself. */
const messages = ([request]: Received[]) =>
  consumerRules.flatMap((rule) =>
    "request" in rule && request && rule !== success
      ? [...(rule.request(request, baseContract) ?? [])].map(({ message }) => message)
      : [],
  );

describe("the recorder", () => {
  const problem = { "content-type": "application/problem+json" };

  it.each<[string, Answer, Violation[] | undefined, string, number | undefined]>([
    ["answers as the contract says", reply(200, {}), [], "", 200],
    ["has no such path", reply(404, {}, problem), undefined, "", 404],
    ["fails", reply(500, {}, problem), undefined, "The mock failed", 500],
    [
      "closes the connection",
      (request) => request.socket.destroy(),
      [],
      "The mock did not respond: socket hang up",
      undefined,
    ],
    [
      "answers without a judgement",
      reply(200, {}),
      undefined,
      "The mock did not check the request: it responded with HTTP 200",
      200,
    ],
    [
      "finds what is of no parameter",
      reply(400, {}),
      [{ in: "query", name: undefined, keyword: "required", bound: undefined, message: "In Prism's words" }],
      "In Prism's words",
      400,
    ],
    [
      "finds what no parameter of the contract can break",
      reply(400, {}),
      [{ in: "query", name: "limit", keyword: "multipleOf", bound: 5, message: "In Prism's words" }],
      "In Prism's words",
      400,
    ],
  ])("says so where the mock %s", async (_what, answer, judgement, message, status) => {
    const { received, ...rest } = await record(answer, judgement);
    expect(received).toHaveLength(1);
    expect(messages(received)).toEqual(message ? [message] : []);
    expect(rest.status).toBe(status);
  });

  it("has every violation, however many the mock finds, and the command sees none of them", async () => {
    const names = [...Array(500).keys()].map((index) => `parameter_${index}`);
    const { received, answered } = await record(
      reply(400, {}),
      names.map((name) => ({ in: "query", name, keyword: "minimum", bound: 0, message: "In Prism's words" })),
    );
    expect(messages(received)).toEqual(names.map((name) => `The query parameter ${name} must be >= 0`));
    expect([...(answered?.keys() ?? [])]).not.toContain(numberHeader);
    expect(JSON.stringify([...(answered ?? [])])).not.toContain("parameter_");
  });
});

it("has judged all requests once it is closed, however long the mock takes", async () => {
  await using mock = await startServer((_, response) => setTimeout(() => response.end("{}"), 300));
  const received: Received[] = [];
  const recorder = await startRecorder(mock.url, new Map(), 0, (request) => received.push(request));
  const gone = fetch(`${recorder.url}${path}`).catch(() => "gone");
  await expect.poll(() => mock.received.length).toBe(1);
  await recorder.close();
  expect(received).toMatchObject([{ number: 1, path, status: 200 }]);
  await gone;
});

it.each([
  [1, 2],
  [65535, 65534],
])("where port %i is taken, %i is offered, which is one", (port, other) => {
  const { message } = listenError(`listen EADDRINUSE: address already in use 127.0.0.1:${port}`, port);
  expect(message).toBe(
    `Port ${port} is taken. Stop the program that uses it, or choose another port, such as ${other}`,
  );
});
