// How much of the contract was seen, as data.

export interface Coverage {
  /** How many of the items in reach were seen. */
  seen: number;
  /** How many are in reach. */
  of: number;
  /** Rounded down: 100 only if all were seen. */
  percent: number;
  neverSeen: CoverageItem[];
  /** What no request of this check can cause, by the contract. */
  outOfReach: CoverageItem[];
}

/** One thing that the contract says of requests or answers. */
export interface CoverageItem {
  /** Kind and place, as in `parameter/limit/absent`. */
  id: string;
  /** For people: a parameter, a field, or what the item is one of. */
  about: string;
  /** For people: its value or state. */
  what: string;
}
