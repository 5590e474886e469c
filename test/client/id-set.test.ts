// The set of ids that were seen says the same as a Set, of any ids.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { IdSet } from "../../src/client/id-set.ts";

describe("the set of ids", () => {
  it("takes each id once, whatever it looks like", () => {
    const few = fc.constantFrom(
      "",
      "00000000-0000-0000-0000-000000000000",
      "00000000-0000-0000-0000-000000000001",
      "A",
      "5560DF16-CEBF-4473-95C4-D1B573C16E79",
      "5560df16-cebf-4473-95c4-d1b573c16e79",
      "5560df16cebf447395c4d1b573c16e79",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(few, fc.uuid(), fc.string())), (ids) => {
        const set = new IdSet();
        const reference = new Set<string>();
        for (const id of [...ids, ...ids]) {
          const isNew = !reference.has(id);
          reference.add(id);
          expect(set.add(id)).toBe(isNew);
        }
      }),
    );
  });

  it("tells a hundred thousand neighbours apart", () => {
    const set = new IdSet();
    for (const isNew of [true, false]) {
      for (let number = 0; number < 100_000; number += 1) {
        const hex = number.toString(16).padStart(8, "0");
        const high = [...hex].reverse().join("");
        for (const id of [`${high}-0000-4000-8000-000000000000`, `00000000-0000-4000-8000-0000${hex}`]) {
          if (number > 0 && set.add(id) !== isNew) expect.unreachable(`${id} is ${isNew ? "seen" : "new"}`);
        }
      }
    }
  });
});
