// Servers that handle limit, offset and the time window wrongly.

import { startServer } from "../../client/server.ts";
import { type Broken, departs, misread, pages, queryOf, replies, warns } from "../broken.ts";
import { everyStatus, serve, service } from "../service.ts";

const isPlain = (query: URLSearchParams) => query.size === 0;

export const paging: Broken[] = [
  departs(
    "limit is ignored",
    "limit",
    misread((query) => /^\d+$/.test(query.get("limit") ?? "") && query.delete("limit")),
  ),
  departs(
    "there is one record more than limit",
    "limit",
    misread((query) => /^\d+$/.test(query.get("limit") ?? "") && query.set("limit", `${query.get("limit")}0`)),
  ),
  departs(
    "offset is ignored",
    ["page-repeats", "past-the-end"],
    misread((query) => Number(query.get("offset")) >= 0 && query.delete("offset")),
  ),
  departs("offset is ignored, and total_num counts the records of the page", "page-repeats", () =>
    startServer((request, response) => {
      const url = new URL(request.url ?? "", "http://server");
      if (url.searchParams.get("offset") === "1") url.searchParams.set("offset", "0");
      request.url = `${url.pathname}${url.search}`;
      serve(service({ records: everyStatus, total: "page" }))(request, response);
    }),
  ),
  departs(
    "offset is counted from 1",
    "page-repeats",
    misread((query) => Number(query.get("offset")) > 0 && shift(query, -1)),
  ),
  warns(
    "offset is a page number, counted from 0",
    "page-order",
    misread((query) => shift(query, Number(query.get("offset")) * (Number(query.get("limit") ?? 10) - 1))),
  ),
  warns(
    "offset skips one record too many",
    "page-order",
    misread((query) => Number(query.get("offset")) > 0 && shift(query, 1)),
  ),
  warns(
    "the order changes from request to request",
    "page-order",
    pages((body, query) =>
      isPlain(query) ? { ...body, backup_record_response: body.backup_record_response.reverse() } : body,
    ),
  ),
  departs(
    "every second page is empty",
    "page-lost",
    pages((body, query) => (query.has("offset") ? { ...body, backup_record_response: [] } : body)),
  ),
  departs(
    "the second page is 204, although there are more records",
    "page-lost",
    replies((reply, request) =>
      queryOf(request).get("offset") === "1" ? { status: 204, headers: {}, body: undefined } : reply,
    ),
    { also: ["empty-204"] },
  ),
  departs(
    "an offset past the end returns the last page",
    "past-the-end",
    misread((query) => Number(query.get("offset")) > 5 && query.set("offset", "5")),
  ),
  warns(
    "total_num is 0 although there are records",
    "total",
    pages((body) => ({ ...body, total_num: 0 })),
  ),
  warns(
    "total_num is the number of pages",
    "total",
    pages((body, query) => ({
      ...body,
      total_num: Math.ceil(body.total_num / Number(query.get("limit") ?? 10)),
    })),
  ),
  warns("a backup is made between the first page and the second", "total", (conforming) => growing(conforming)),
  warns(
    "a backup is listed twice",
    "duplicates",
    pages((body, query) => {
      const list = body.backup_record_response;
      if (isPlain(query)) list[3] = list[2];
      return body;
    }),
  ),
  warns(
    "the time window is ignored",
    "time-window",
    misread((query) => isTime(query) && forget(query)),
  ),
  warns(
    "a window without records returns all records",
    "time-window",
    misread((query) => query.get("begin_time")?.startsWith("1970") && forget(query)),
  ),
];

/** Not a fault, but it cannot be told from one. */
const growing: Broken["start"] = async () => {
  const [newest = {}, ...others] = everyStatus;
  let held = others;
  return startServer((request, response) => {
    if (request.url?.endsWith("?limit=2&offset=1")) held = [newest, ...others];
    serve(service({ records: held }))(request, response);
  });
};

function shift(query: URLSearchParams, by: number): void {
  if (query.has("offset") && Number(query.get("offset")) >= 0)
    query.set("offset", String(Number(query.get("offset")) + by));
}

function forget(query: URLSearchParams): void {
  query.delete("begin_time");
  query.delete("end_time");
}

const isTime = (query: URLSearchParams) => /^\d{4}(0\d|1[0-2])\d{8}$/.test(query.get("begin_time") ?? "");
