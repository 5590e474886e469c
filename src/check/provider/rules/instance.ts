import { fine } from "../../../wire/rule.ts";
import type { Rule } from "../../model/rule.ts";

export const instance: Rule = {
  id: "instance",
  severity: "error",
  title: "Every record belongs to the requested instance",
  source: "record.instance_id",
  record({ instance_id }, { instanceId }) {
    if (typeof instance_id !== "string") return undefined;
    if (instance_id === instanceId) return fine;
    const message = "The record belongs to another instance";
    return [{ message, pointer: "/instance_id", expected: instanceId, actual: instance_id }];
  },
};
