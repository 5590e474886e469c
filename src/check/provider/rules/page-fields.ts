import type { Rule } from "../../model/rule.ts";

/** The schema requires no field, so `{}` would pass. */
export const pageFields: Rule = {
  id: "page-fields",
  severity: "error",
  title: "A page has the number of records and the array of records",
  source: "response",
  page: ({ body }, { contract }) =>
    Object.entries(contract.fieldsOf(contract.page.schema))
      .filter(([field, { nullable }]) => !nullable && !(field in body))
      .map(([field]) => ({
        message: `The page has no ${field}`,
        pointer: "",
        expected: field,
        actual: Object.keys(body),
      })),
};
