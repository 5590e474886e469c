// Collects what of the contract was seen, exchange by exchange. It looks for an item only until it was seen, so that a hundred
// thousand exchanges cost little.

import type { Contract } from "../../wire/contract.ts";
import { isFields } from "../../wire/validate.ts";
import { groupBy } from "../engine/group.ts";
import type { Coverage, CoverageItem } from "../model/coverage.ts";
import {
  type AnswerItem,
  type FieldItem,
  type Item,
  itemsOf,
  type RequestItem,
  type SeenAnswer,
  type SeenRequest,
} from "./items.ts";

/** What is still to be seen of the objects of a schema. */
interface Watch {
  /** Without those that have shown all. */
  fields: { name: string; items: FieldItem[]; last?: unknown }[];
  /** The lists in it, and what is to be seen of their elements. */
  lists: { name: string; elements: Watch }[];
}

export class Collector {
  readonly #contract: Contract;
  readonly #items: readonly Item[];
  readonly #unseen: Set<CoverageItem>;
  readonly #requestItems: RequestItem[];
  readonly #answerItems: AnswerItem[];
  readonly #watches = new Map<string, Watch>();

  /** @param items of the contract, if not all of them count */
  constructor(contract: Contract, items: readonly Item[] = itemsOf(contract)) {
    this.#contract = contract;
    this.#items = items;
    this.#unseen = new Set(items);
    this.#requestItems = items.filter((item) => item.in === "request");
    this.#answerItems = items.filter((item) => item.in === "answer");
    for (const { schema } of contract.responses.values()) if (schema !== undefined) this.#watch(schema);
  }

  /** @param request that has the contract's method and path */
  seeRequest(request: SeenRequest): void {
    this.#strike(this.#requestItems, request);
  }

  /** @param answer to such a request */
  seeAnswer(answer: SeenAnswer): void {
    this.#strike(this.#answerItems, answer);
    const schema = this.#contract.responses.get(answer.status)?.schema;
    const watch = schema !== undefined && this.#watches.get(schema);
    if (watch) this.#look(watch, answer.json);
  }

  /** @param isInReach whether a request of the check can cause it. Default: all can be seen */
  coverage(isInReach: (item: Item) => boolean = () => true): Coverage {
    const inReach = this.#items.filter(isInReach);
    const neverSeen = inReach.filter((item) => this.#unseen.has(item));
    const outOfReach = this.#items.filter((item) => !inReach.includes(item));
    const [seen, of] = [inReach.length - neverSeen.length, inReach.length];
    const percent = of === 0 ? 100 : Math.floor((100 * seen) / of);
    return { seen, of, percent, neverSeen: neverSeen.map(told), outOfReach: outOfReach.map(told) };
  }

  #watch(schema: string): Watch {
    const known = this.#watches.get(schema);
    if (known) return known;
    const watch: Watch = { fields: [], lists: [] };
    this.#watches.set(schema, watch);
    const own = this.#items.filter((item) => item.in === "body" && item.schema === schema) as FieldItem[];
    for (const [name, items] of groupBy(own, ({ field }) => field)) watch.fields.push({ name, items });
    for (const [name, { items }] of Object.entries(this.#contract.fieldsOf(schema)))
      if (items !== undefined) watch.lists.push({ name, elements: this.#watch(items) });
    return watch;
  }

  #look(watch: Watch, value: unknown): void {
    if (!isFields(value)) return;
    for (const field of watch.fields) {
      const found = value[field.name];
      if (found === field.last) continue; // what it shows is known
      this.#strike(field.items, found);
      field.last = typeof found === "object" && found !== null ? undefined : found; // which may be large
      if (field.items.length === 0) watch.fields = watch.fields.filter((other) => other !== field);
    }
    for (const { name, elements } of watch.lists) {
      const list = value[name];
      if (!Array.isArray(list)) continue;
      for (const element of list) {
        if (elements.fields.length === 0 && elements.lists.length === 0) break;
        this.#look(elements, element);
      }
    }
  }

  /** Takes out the items that are shown. */
  #strike<T>(items: (CoverageItem & { shows: (seen: T) => boolean })[], seen: T): void {
    for (let at = items.length - 1; at >= 0; at -= 1) {
      const item = items[at];
      if (!item?.shows(seen)) continue;
      items.splice(at, 1);
      this.#unseen.delete(item);
    }
  }
}

const told = ({ id, about, what }: CoverageItem): CoverageItem => ({ id, about, what });
