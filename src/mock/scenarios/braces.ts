import { type Scenario, withRecords } from "./scenario.ts";

export const braces: Scenario = {
  name: "braces",
  title: "A record has {} where it would have null, or nothing where it could have null",
  evidence:
    "The reference page's example prints period and error_code so; users of the Java SDK could not read such answers (its issues 3 and 17)",
  keeps: () => false,
  begin({ contract }) {
    const fields = Object.entries(contract.fieldsOf(contract.page.record));
    const nulls = Object.fromEntries(fields.flatMap(([name, { nullable }]) => (nullable ? [[name, null]] : [])));
    return ({ answer }) => ({
      ...withRecords(answer(), contract, (record) =>
        Object.fromEntries(Object.entries({ ...nulls, ...record }).map(([name, value]) => [name, value ?? {}])),
      ),
      offSchema: true,
    });
  },
};
