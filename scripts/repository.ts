// Where this repository is. A separate module, so that importing it does not load Redocly.

import { dirname } from "node:path";

export const repository = dirname(import.meta.dirname);
