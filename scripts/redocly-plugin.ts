// This repository's rules that Redocly's own cannot express. redocly.yaml names them, Redocly loads them.

import type { Oas3Rule } from "@redocly/openapi-core";

/** Every value of an enumeration, closed (`enum`) or open (`x-extensible-enum`), has a meaning, and only those values. */
const valuesDescribed: Oas3Rule = () => ({
  Schema: {
    enter(schema, { location, report }) {
      const extensions = schema as Record<string, unknown>;
      const values = (schema.enum ?? extensions["x-extensible-enum"]) as unknown[] | undefined;
      const meanings = extensions["x-enumDescriptions"] as Record<string, string> | undefined;
      if (!values && !meanings) return;
      const listed = (values ?? []).map(String);
      const described = Object.keys(meanings ?? {});
      for (const value of listed.filter((value) => !described.includes(value))) {
        report({ message: `Value "${value}" has no meaning in x-enumDescriptions.`, location: location.key() });
      }
      for (const value of described.filter((value) => !listed.includes(value))) {
        report({
          message: `x-enumDescriptions gives a meaning to "${value}", which is not a value here.`,
          location: location.child(["x-enumDescriptions", value]).key(),
        });
      }
    },
  },
});

export default () => ({
  id: "contract",
  rules: { oas3: { "values-described": valuesDescribed } },
});
