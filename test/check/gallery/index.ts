// The gallery of broken servers: each conforms except for one fault.

import type { Broken } from "../broken.ts";
import { bodies } from "./bodies.ts";
import { connections } from "./connections.ts";
import { hostile } from "./hostile.ts";
import { paging } from "./paging.ts";
import { meanings } from "./records.ts";
import { statuses } from "./statuses.ts";
import { errors, nulls, values } from "./values.ts";

export const gallery: readonly Broken[] = [
  ...connections,
  ...hostile,
  ...statuses,
  ...bodies,
  ...values,
  ...errors,
  ...nulls,
  ...meanings,
  ...paging,
];
