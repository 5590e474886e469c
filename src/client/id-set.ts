// The ids that were seen, in as little memory as tells them apart: a list may have millions.

/** DCS's ids are UUIDs. The one that is all zeros marks an empty place in the table. */
const uuid = /^(?!0{8}-0)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export class IdSet {
  /** Four words of 32 bits for each UUID: a hash table with open addressing, at most half full. */
  #table = new Uint32Array(4096);
  #size = 0;
  #others = new Set<string>();

  /** Adds an id, and tells whether it is new. */
  add(id: string): boolean {
    if (!uuid.test(id)) return this.#others.size < this.#others.add(id).size;
    const word = (hex: string) => Number.parseInt(hex, 16);
    const [b, c] = [word(id.slice(9, 13) + id.slice(14, 18)), word(id.slice(19, 23) + id.slice(24, 28))];
    const isNew = place(this.#table, word(id.slice(0, 8)), b, c, word(id.slice(28)));
    if (isNew) this.#size += 1;
    if (this.#size * 8 > this.#table.length) {
      const old = this.#table;
      this.#table = new Uint32Array(old.length * 2);
      for (let at = 0; at < old.length; at += 4) {
        place(this.#table, old[at] as number, old[at + 1] as number, old[at + 2] as number, old[at + 3] as number);
      }
    }
    return isNew;
  }
}

/** Puts a UUID in its place, and tells whether that was empty. Nothing has no place of its own. */
function place(table: Uint32Array, a: number, b: number, c: number, d: number): boolean {
  const last = table.length - 1;
  const hash = Math.imul(a ^ Math.imul(b, 31) ^ Math.imul(c, 961) ^ Math.imul(d, 29791), 0x9e3779b1);
  // The high bits of the product: they depend on all bits of the id.
  for (let at = (hash >>> (Math.clz32(last) + 2)) * 4; ; at += 4) {
    at &= last;
    if (table[at] === a && table[at + 1] === b && table[at + 2] === c && table[at + 3] === d) return false;
    if (!(table[at] || table[at + 1] || table[at + 2] || table[at + 3])) {
      table.set([a, b, c, d], at);
      return true;
    }
  }
}
