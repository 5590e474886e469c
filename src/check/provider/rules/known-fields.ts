import { fieldsOf } from "../../model/contract.ts";
import type { Fields } from "../../model/exchange.ts";
import { type Fault, type Rule, recordPointer } from "../../model/rule.ts";

const ofPage = new Set(fieldsOf("ListBackupRecordsResponse"));
const ofRecord = new Set(fieldsOf("BackupRecordResponse"));

export const knownFields: Rule = {
  id: "known-fields",
  severity: "warning",
  title: "Every field is one that the contract knows",
  source: "remark.unknown-values",
  *page({ body, records }) {
    yield* unknown(body, ofPage, "");
    for (const { record, index } of records) yield* unknown(record, ofRecord, recordPointer(index));
  },
};

function* unknown(object: Fields, known: Set<string>, at: string): Generator<Fault> {
  for (const name in object) {
    if (known.has(name)) continue;
    const pointer = `${at}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    yield {
      message: "The field is not in the contract; Huawei Cloud may have added it",
      pointer,
      actual: object[name],
    };
  }
}
