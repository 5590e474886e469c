// The rules on a consumer: whether it ran, what it asks for, and how it authenticates.

import type { ConsumerRule } from "../rule.ts";
import { accept } from "./accept.ts";
import { body } from "./body.ts";
import { command } from "./command.ts";
import { credentials } from "./credentials.ts";
import { finished } from "./finished.ts";
import { http } from "./http.ts";
import { mock } from "./mock.ts";
import { operation } from "./operation.ts";
import { parameter } from "./parameter.ts";
import { placeholder } from "./placeholder.ts";
import { repeatedParameter } from "./repeated-parameter.ts";
import { requested } from "./requested.ts";
import { signature } from "./signature.ts";
import { signingTime } from "./signing-time.ts";
import { started } from "./started.ts";
import { success } from "./success.ts";
import { unknownParameter } from "./unknown-parameter.ts";

export const consumerRules: readonly ConsumerRule[] = [
  // Whether it ran and sent requests.
  started,
  finished,
  requested,
  mock,
  command,

  // What it asks for.
  http,
  operation,
  parameter,
  unknownParameter,
  repeatedParameter,
  placeholder,

  // How it authenticates, and the rest of the request.
  credentials,
  signature,
  signingTime,
  body,
  accept,
  success,
];
