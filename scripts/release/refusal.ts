// A release, or its rehearsal, cannot go on: one line that says what is wrong, where, and how to mend it.

export class Refusal extends Error {
  override name = "Refusal";
}
