import type { Field } from "../../../generated/contract.ts";
import { type Contract, contractOf, valuesOf } from "../../wire/contract.ts";
import type { BackupRecord } from "../service.ts";
import { type Scenario, withRecords } from "./scenario.ts";

export const newer: Scenario = {
  name: "newer",
  title: "Each record also has the fields of Huawei Cloud's newest revision",
  evidence: "Such fields have come without a new version of the API; 11 of 17 generated clients dropped them",
  keeps: () => true,
  async begin({ contract }) {
    const newest = await contractOf("newest");
    const known = contract.fieldsOf(contract.page.record);
    const added = Object.entries(newest.fieldsOf(newest.page.record)).filter(([name]) => !(name in known));
    return ({ answer }) =>
      withRecords(answer(), contract, (record) => ({
        ...Object.fromEntries(added.map(([name, field]) => [name, exampleOf(name, field, record, newest)])),
        ...record,
      }));
  },
};

function exampleOf(name: string, field: Field, { created_at }: BackupRecord, { page, document }: Contract): unknown {
  const [value] = valuesOf(field) ?? [];
  const time = field.format === "date-time" ? created_at : undefined;
  return value ?? time ?? document().components.schemas[page.record]?.properties?.[name]?.example;
}
