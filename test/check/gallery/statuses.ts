// Servers that accept, reject or redirect requests that they should not.

import { always, type Broken, cannotRun, departs, misread, queryOf, refusals, replies, warns } from "../broken.ts";
import { token } from "../service.ts";

const html = "<!doctype html><title>400 Bad Request</title><p>The proxy does not understand.";
const isAnonymous = (headers: Record<string, unknown>) => headers["x-auth-token"] === undefined;

export const statuses: Broken[] = [
  departs("a page has status 201", "status", pagesWith(201), { requests: 1 }),
  departs("the path does not exist", "status", always({ status: 404 }), { requests: 1 }),
  departs("the server is down for maintenance", "status", always({ status: 503, body: html }), { requests: 1 }),
  warns(
    "an empty list is 204",
    "empty-204",
    replies((reply) => (isEmptyPage(reply.body) ? { status: 204, headers: {}, body: undefined } : reply)),
  ),
  departs(
    "the second page rejects the credentials",
    "status",
    replies((reply, request) => (queryOf(request).get("offset") === "1" ? { ...reply, status: 403 } : reply)),
  ),
  departs(
    "the second page is a server error",
    "accepted",
    replies((reply, request) =>
      queryOf(request).get("offset") === "1"
        ? { ...reply, status: 500, body: { error_code: "DCS.5078", error_msg: "Query backup record failed." } }
        : reply,
    ),
  ),
  departs(
    "an error has status 422",
    "status",
    refusals(() => ({ status: 422 })),
  ),
  departs(
    "bad input is a server error",
    "refused",
    refusals(() => ({ status: 500 })),
  ),
  departs(
    "an offset of -1 is accepted",
    "refused",
    misread((query) => query.get("offset") === "-1" && query.delete("offset")),
  ),
  departs(
    "a limit of ten is accepted",
    "refused",
    misread((query) => query.get("limit") === "ten" && query.delete("limit")),
  ),
  departs(
    "a time of 13 digits is accepted",
    "refused",
    misread(
      (query) => query.get("begin_time")?.length === 13 && query.set("begin_time", `${query.get("begin_time")}0`),
    ),
  ),
  departs(
    "month 13 is January of the next year",
    "refused",
    misread((query) => {
      const begin = query.get("begin_time") ?? "";
      if (begin.slice(4, 6) === "13") query.set("begin_time", `${Number(begin.slice(0, 4)) + 1}01${begin.slice(6)}`);
    }),
  ),
  departs(
    "a request without credentials gets a page",
    "refused",
    replies((reply, request, conforming) =>
      isAnonymous(request.headers)
        ? conforming({ ...request, headers: { ...request.headers, "x-auth-token": token } })
        : reply,
    ),
  ),
  departs(
    "a request without credentials gets an empty success",
    "refused",
    replies((reply, request) => (isAnonymous(request.headers) ? { status: 200, headers: {}, body: undefined } : reply)),
    { also: ["body-present", "media-type"] },
  ),
  departs(
    "everything is rejected with 400",
    "accepted",
    always({ status: 400, body: { error_code: "DCS.4002", error_msg: "no" } }),
    { requests: 1 },
  ),
  cannotRun("everything is rejected with 401", "credentials", always({ status: 401, body: {} }), { requests: 1 }),
  cannotRun("everything is rejected with 403", "credentials", always({ status: 403, body: html }), { requests: 1 }),
  departs(
    "everything fails with 500",
    "accepted",
    always({ status: 500, body: { error_code: "DCS.5000", error_msg: "no" } }),
    { requests: 1 },
  ),
  departs(
    "a token that DCS rejects causes a redirect to the login page",
    "no-redirect",
    always({ status: 302, headers: { location: "/login" } }),
    { requests: 1 },
  ),
];

function pagesWith(status: number): Broken["start"] {
  return replies((reply) => (reply.status === 200 ? { ...reply, status } : reply));
}

function isEmptyPage(body: unknown): boolean {
  const list = (body as { backup_record_response?: unknown[] }).backup_record_response;
  return list?.length === 0;
}
