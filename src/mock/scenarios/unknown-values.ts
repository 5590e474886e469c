import { type Scenario, withRecords } from "./scenario.ts";

/** No revision has either. */
const status = "archived";
const field = { storage_class: "cold" };

export const unknownValues: Scenario = {
  name: "unknown-values",
  title: `The first record of each page has the new status ${JSON.stringify(status)}, and each record a new field`,
  evidence:
    "Huawei Cloud asks callers to ignore unknown fields and values; 7 of 17 generated clients failed on a new status",
  keeps: () => true,
  begin:
    ({ contract }) =>
    ({ answer }) => ({
      ...withRecords(answer(), contract, (record, index) => ({ ...record, ...(index === 0 && { status }), ...field })),
      offSchema: true,
    }),
};
