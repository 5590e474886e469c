// Code against the generated types. It is not run: types.test.ts compiles it, with and without the expected errors. Each wrong
// call is below a correct one and differs in one thing.

import createFetchClient from "openapi-fetch";
import type { paths } from "../../generated/types.ts";

const client = createFetchClient<paths>();
const route = "/v2/{project_id}/instances/{instance_id}/backups";
const path = { project_id: "p", instance_id: "i" };

export async function calls() {
  await client.GET(route, { params: { path } });
  // @ts-expect-error the parameters of the path are required
  await client.GET(route, { params: {} });
  // @ts-expect-error each of them is
  await client.GET(route, { params: { path: { project_id: "p" } } });
  // @ts-expect-error there is no such path
  await client.GET("/v1/{project_id}/instances/{instance_id}/backups", { params: { path } });
  // @ts-expect-error the path has no such method
  await client.POST(route, { params: { path } });

  await client.GET(route, { params: { path, query: { limit: 10 } } });
  // @ts-expect-error limit is a number
  await client.GET(route, { params: { path, query: { limit: "10" } } });

  await client.GET(route, { params: { path, query: { begin_time: "20170718235959" } } });
  // @ts-expect-error there is no such parameter
  await client.GET(route, { params: { path, query: { beginTime: "20170718235959" } } });
  // @ts-expect-error a time is a string
  await client.GET(route, { params: { path, query: { begin_time: 20170718235959 } } });
}

export async function answers() {
  const { data, error } = await client.GET(route, { params: { path } });
  for (const record of data?.backup_record_response ?? []) {
    if (record.status === "succeed") return record.backup_id;
    // @ts-expect-error there is no such status
    if (record.status === "succeeded") return record.backup_id;

    if (record.backup_type === "auto") return record.backup_id;
    // @ts-expect-error there is no such type
    if (record.backup_type === "automatic") return record.backup_id;

    if (record.is_support_restore === "TRUE") return record.backup_id;
    // @ts-expect-error it is a string, not a boolean
    if (record.is_support_restore === true) return record.backup_id;

    const period: string | null | undefined = record.period;
    // @ts-expect-error it may be null
    const noPeriod: string | undefined = record.period;

    const remark: string | undefined = record.remark;
    // @ts-expect-error it may be absent
    const noRemark: string = record.remark;

    const size: number | undefined = record.size;
    // @ts-expect-error it is a number
    const noSize: string | undefined = record.size;

    // The codes are open: any string may come.
    if (record.error_code === "dcs.08.0001" || record.error_code === "dcs.09.0001") return record.backup_id;
    // @ts-expect-error there is no such property
    if (record.errorCode === "dcs.08.0001") return record.backup_id;

    console.log(period, noPeriod, remark, noRemark, size, noSize);
  }
  // @ts-expect-error there may be no data
  console.log(data.total_num);

  const code: string | undefined = error?.error_code;
  // @ts-expect-error the error of a request has no such property
  console.log(code, error?.code);
  return undefined;
}
