// What stands between a consumer and the mock, where the mock does not do as it should: nothing passes unjudged.

import { describe, expect, it } from "vitest";
import { type Received, startRecorder } from "../../src/check/consumer/recorder.ts";
import { consumerRules } from "../../src/check/consumer/rules/index.ts";
import { listenError } from "../../src/mock/index.ts";
import { type Answer, reply, startServer } from "../client/server.ts";

const path = "/v2/my-project/instances/my-instance/backups";

/** What becomes of one request if the mock answers so. */
async function record(answer: Answer): Promise<{ received: Received[]; status: number | undefined }> {
  await using mock = await startServer(answer);
  const received: Received[] = [];
  const recorder = await startRecorder(mock.url, 0, (request) => received.push(request));
  const headers = { "X-Auth-Token": "the-token", "Accept-Language": "en" };
  const response = await fetch(`${recorder.url}${path}?limit=10`, { headers }).catch(() => undefined);
  await response?.text().catch(() => {});
  await recorder.close();
  expect(mock.received[0]).toMatchObject({
    method: "GET",
    target: `${path}?limit=10`,
    headers: { "accept-language": "en" },
  });
  return { received, status: response?.status };
}

const messages = ([request]: Received[]) =>
  consumerRules.flatMap((rule) =>
    "request" in rule && request ? [...(rule.request(request) ?? [])].map(({ message }) => message) : [],
  );

describe("the recorder", () => {
  it.each<[string, Answer, string, number | undefined]>([
    ["answers as the contract says", reply(200, {}), "", 200],
    ["fails", reply(500, {}, { "content-type": "application/problem+json" }), "The mock failed", 500],
    [
      "closes the connection",
      (request) => request.socket.destroy(),
      "The mock did not answer: socket hang up",
      undefined,
    ],
    [
      "finds too much for its header",
      reply(400, {}, { "sl-violations": 'Too many violations! [{"location":["request","query","limit"]' }),
      'Too many violations! [{"location":["request","query","limit"]',
      400,
    ],
    [
      "finds its own answer wrong",
      reply(200, {}, { "sl-violations": '[{"location":["response","body"],"code":"type","message":"no"}]' }),
      "",
      200,
    ],
  ])("says so where the mock %s", async (_what, answer, message, status) => {
    const { received, ...rest } = await record(answer);
    expect(received).toHaveLength(1);
    expect(messages(received).filter((text) => !text.startsWith("Answered"))).toEqual(message ? [message] : []);
    expect(rest.status).toBe(status);
  });
});

it("has judged all that came once it is closed, however long the mock takes", async () => {
  await using mock = await startServer((_, response) => setTimeout(() => response.end("{}"), 300));
  const received: Received[] = [];
  const recorder = await startRecorder(mock.url, 0, (request) => received.push(request));
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
  expect(message).toBe(`Port ${port} is taken. Stop what listens there, or choose another: --port ${other}`);
});
