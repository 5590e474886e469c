// The rules of this repository that Redocly's own rules cannot express. Named in redocly.yaml, loaded by Redocly.

import type { Location, Oas3Rule } from "@redocly/openapi-core";

/** A reference that leads back to itself: generators and validators loop or give up on it. */
const noCircularRefs: Oas3Rule = () => {
  const references: { from: Location; to: Location }[] = [];
  return {
    ref: {
      enter(_node, { location }, { location: to }) {
        if (to) references.push({ from: location, to });
      },
    },
    Root: {
      leave(_root, { report }) {
        const inside = (to: Location) =>
          references.filter(
            ({ from }) =>
              from.source === to.source && `${from.pointer}/`.startsWith(to.pointer === "#/" ? "#/" : `${to.pointer}/`),
          );
        const done = new Set<string>();
        const follow = (to: Location, trail: string[]) => {
          if (done.has(to.absolutePointer)) return;
          for (const reference of inside(to)) {
            const target = reference.to.absolutePointer;
            if (trail.includes(target)) {
              report({ message: "This $ref leads back to itself.", location: reference.from.child("$ref") });
            } else {
              follow(reference.to, [...trail, target]);
            }
          }
          done.add(to.absolutePointer);
        };
        for (const { to } of references) follow(to, [to.absolutePointer]);
      },
    },
  };
};

/** Every value of an enumeration, closed (`enum`) or open (`x-extensible-enum`), has its meaning, and no other has. */
const valuesDescribed: Oas3Rule = () => ({
  Schema: {
    enter(schema, { location, report }) {
      const extensions = schema as Record<string, unknown>;
      const values = (schema.enum ?? extensions["x-extensible-enum"]) as unknown[] | undefined;
      const meanings = extensions["x-enumDescriptions"] as Record<string, string> | undefined;
      if (!values && !meanings) return;
      const listed = values ?? [];
      const described = Object.keys(meanings ?? {});
      for (const value of listed.filter((value) => !described.includes(String(value)))) {
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
  rules: { oas3: { "no-circular-refs": noCircularRefs, "values-described": valuesDescribed } },
});
