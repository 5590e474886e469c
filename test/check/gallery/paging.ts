// Servers that handle limit, offset and the time window wrongly.

import { startServer } from "../../client/server.ts";
import { type Broken, changing, departs, misread, pages, queryOf, replies, warns } from "../broken.ts";
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
  departs(
    "offset is a page number, counted from 0",
    "page-skips",
    misread((query) => shift(query, Number(query.get("offset")) * (Number(query.get("limit") ?? 10) - 1))),
    { requests: 12 },
  ),
  departs(
    "offset skips one record too many",
    "page-skips",
    misread((query) => Number(query.get("offset")) > 0 && shift(query, 1)),
  ),
  departs(
    "offset counts tens of records, so that the second page begins where the unfiltered list ends",
    "page-skips",
    misread((query) => shift(query, Number(query.get("offset")) * 9)),
    { records: Array.from({ length: 30 }, (_, index) => ({ ...everyStatus[0], backup_id: `backup-${index}` })) },
  ),
  departs(
    "offset is a page number, and the second page has one record",
    "page-skips",
    misread((query) => shift(query, Number(query.get("offset")) * (Number(query.get("limit") ?? 10) - 1))),
    { records: everyStatus.slice(0, 3) },
  ),
  warns(
    "the unfiltered list is in another order than the pages",
    "page-order",
    pages((body, query) =>
      isPlain(query) ? { ...body, backup_record_response: body.backup_record_response.reverse() } : body,
    ),
    { requests: 12 },
  ),
  warns(
    "the pages begin one record further down than the unfiltered list",
    "page-order",
    changing((records, _, query) => (query.has("limit") ? [...records.slice(1), ...records.slice(0, 1)] : records)),
  ),
  warns(
    "only the first list is in another order",
    "page-order",
    changing((records, request) => (request === 1 ? records.toReversed() : records)),
  ),
  warns(
    "the order changes with each request",
    "page-order",
    changing((records, request) => [...records.slice(request), ...records.slice(0, request)]),
  ),
  warns(
    "two records of the same age change places from request to request",
    "page-order",
    pages((body, query) => {
      const list = body.backup_record_response;
      return query.get("offset") === "1" ? { ...body, backup_record_response: list.toReversed() } : body;
    }),
  ),
  warns(
    "the order is another where there is an offset",
    "page-order",
    changing((records, _, query) => {
      const [first = {}, ...others] = records;
      return query.has("offset") ? [first, ...others.toReversed()] : records;
    }),
  ),
  warns(
    "the order changes so that the second page repeats the first",
    "page-order",
    changing((records, request) => (request > 2 ? [...records.slice(-1), ...records.slice(0, -1)] : records)),
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
  warns(
    "a backup is listed twice",
    "duplicates",
    pages((body, query) => {
      const list = body.backup_record_response;
      if (isPlain(query)) list[3] = list[2];
      return body;
    }),
  ),
  departs(
    "the time window is ignored",
    "window-applied",
    misread((query) => isTime(query) && forget(query)),
    { also: ["time-window"] },
  ),
  departs(
    "the end of a time window is ignored",
    "window-applied",
    misread((query) => isTime(query) && query.delete("end_time")),
  ),
  warns(
    "the begin of a time window is ignored",
    "time-window",
    misread((query) => isTime(query) && query.delete("begin_time")),
  ),
  departs(
    "a window without records returns all records",
    "window-applied",
    misread((query) => query.get("begin_time")?.startsWith("1970") && forget(query)),
  ),
  warns(
    "a time window goes by a time that the records do not show",
    "time-window",
    pages((body, query) =>
      isTime(query) && !query.get("begin_time")?.startsWith("1970")
        ? { total_num: 1, backup_record_response: everyStatus.slice(1, 2) }
        : body,
    ),
  ),
];

function shift(query: URLSearchParams, by: number): void {
  if (query.has("offset") && Number(query.get("offset")) >= 0)
    query.set("offset", String(Number(query.get("offset")) + by));
}

function forget(query: URLSearchParams): void {
  query.delete("begin_time");
  query.delete("end_time");
}

const isTime = (query: URLSearchParams) => /^\d{4}(0\d|1[0-2])\d{8}$/.test(query.get("begin_time") ?? "");
