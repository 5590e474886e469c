// The program of every TypeScript row (../wire.ts says what it prints). A row passes in the call of its generated code; the
// compiler checks that its types match those below.

export interface BackupRecord {
  backup_id?: string;
  period?: string | null;
  backup_name?: string;
  instance_id?: string;
  size?: number;
  backup_type?: "manual" | "auto";
  created_at?: string | Date;
  updated_at?: string | Date;
  progress?: string;
  error_code?: string | null;
  remark?: string;
  status?: "waiting" | "backuping" | "succeed" | "failed" | "expired" | "deleted";
  is_support_restore?: "TRUE" | "FALSE";
}

export interface Page {
  total_num?: number;
  backup_record_response?: BackupRecord[];
}

export interface Failure {
  error_code?: string;
  error_msg?: string;
  error_ext_msg?: string | null;
}

export interface Query {
  limit?: number;
  offset?: number;
  begin_time?: string;
  end_time?: string;
}

export interface Call {
  baseUrl: string;
  token: string;
  path: { project_id: string; instance_id: string };
  query: Query;
}

export interface Answer {
  status: number;
  page?: Page | undefined;
  failure?: Failure | undefined;
}

export interface Consumer {
  list: (call: Call) => Promise<Answer>;
  /** The enum value `succeed` in the generated code, and its expression. */
  succeed: NonNullable<BackupRecord["status"]>;
  spelling: string;
  statusType: string;
}

export async function run({ list, succeed, spelling, statusType }: Consumer): Promise<void> {
  for (const name of ["OneManualBackup", "EveryStatus"]) {
    const page = pageOf(await call(name));
    console.log(`${name}.total_num: ${page.total_num}`);
    for (const [index, record] of (page.backup_record_response ?? []).entries()) print(`${name}.${index}`, record);
    if (name === "OneManualBackup") printTypes(page.backup_record_response?.[0]);
  }

  const filter = { limit: 2, offset: 4, begin_time: "20190501000000", end_time: "20190531235959" };
  console.log(`Filtered.total_num: ${pageOf(await call("Filtered", filter)).total_num}`);

  for (const name of ["InvalidOffset", "BackupQueryFailed"]) {
    const { status, failure } = await call(name);
    console.log(`${name}.status: ${status}`);
    console.log(`${name}.error_code: ${failure?.error_code}`);
    console.log(`${name}.error_msg: ${failure?.error_msg}`);
  }

  console.log(`UnknownStatus: ${await unknown("UnknownStatus", (record) => String(record.status))}`);
  const seen = (record: object) => ("storage_class" in record ? "kept" : "dropped");
  console.log(`UnknownField: ${await unknown("UnknownField", seen)}`);

  function call(name: string, query: Query = {}): Promise<Answer> {
    const { BASE_URL, TOKEN = "", PROJECT_ID = "", INSTANCE_ID = "" } = process.env;
    const path = { project_id: PROJECT_ID, instance_id: INSTANCE_ID };
    return list({ baseUrl: `${BASE_URL}/${name}`, token: TOKEN, path, query });
  }

  function printTypes(record: BackupRecord = {}) {
    const { size, created_at, status } = record;
    console.log(`type.size: ${typeof size}`);
    console.log(`type.created_at: ${created_at instanceof Date ? "Date" : typeof created_at}`);
    console.log(`type.status: ${statusType}`);
    if (status === succeed) console.log(`type.succeed: ${spelling}`);
  }

  async function unknown(name: string, look: (record: BackupRecord) => string): Promise<string> {
    try {
      const [record] = pageOf(await call(name)).backup_record_response ?? [];
      return record ? look(record) : "fails: no record was read";
    } catch (error) {
      return `fails: ${(error as Error).message.replace(/\s+/g, " ")}`;
    }
  }
}

function pageOf({ status, page }: Answer): Page {
  if (!page) throw new Error(`Status ${status}, and no page`);
  return page;
}

function print(at: string, record: BackupRecord): void {
  const { created_at, updated_at } = record;
  const fields = {
    backup_id: record.backup_id,
    period: record.period,
    backup_name: record.backup_name,
    instance_id: record.instance_id,
    size: record.size,
    backup_type: record.backup_type,
    created_at: created_at instanceof Date ? created_at.toISOString() : created_at,
    updated_at: updated_at instanceof Date ? updated_at.toISOString() : updated_at,
    progress: record.progress,
    error_code: record.error_code,
    remark: record.remark,
    status: record.status,
    is_support_restore: record.is_support_restore,
  };
  for (const [name, value] of Object.entries(fields)) console.log(`${at}.${name}: ${value ?? null}`);
}
