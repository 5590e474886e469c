// Where this repository is. A module of its own, since those who only want to know that need no Redocly.

import { dirname } from "node:path";

export const repository = dirname(import.meta.dirname);
