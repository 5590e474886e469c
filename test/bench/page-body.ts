// A page of many different records.

/** The body of a 200 response with that many records. */
export function pageBody(records: number): Buffer {
  const backup_record_response = Array.from({ length: records }, (_, index) => record(index));
  return Buffer.from(JSON.stringify({ total_num: records, backup_record_response }));
}

function record(index: number): object {
  const created = new Date(1_557_477_076_166 + index * 60_000);
  return {
    backup_id: `4631832a-14c6-45b0-a0b3-${index.toString(16).padStart(12, "0")}`,
    period: index % 2 ? "22:00-23:00" : null,
    backup_name: `backup_${index}`,
    instance_id: "instance",
    size: 880_232 + index,
    backup_type: index % 2 ? "auto" : "manual",
    created_at: created.toISOString(),
    updated_at: new Date(created.getTime() + 74_380).toISOString(),
    progress: "100.00",
    error_code: null,
    remark: "",
    status: "succeed",
    is_support_restore: "TRUE",
  };
}
