// Backup records for the tests of the mock: one an hour, the newest first, of every status in turn.

import { baseContract } from "../../src/wire/contract.ts";

type Records = readonly Readonly<Record<string, unknown>>[];

const { page, parameters, operation, document } = baseContract;
const everyStatus: Records = Object(document().components.examples.EveryStatus?.value)[page.list];

const hour = 3_600_000;

export const backups = (count: number): Records =>
  Array.from({ length: count }, (_, index) => {
    const created = Date.UTC(2026, 0, 31) - index * hour;
    return {
      ...everyStatus[index % everyStatus.length],
      backup_id: `backup-${index}`,
      backup_name: `name-${index}`,
      created_at: new Date(created).toJSON(),
      updated_at: new Date(created + hour / 2).toJSON(),
    };
  });

const exampleOf = (name: string) => String(parameters.get(name)?.example);

export const projectId = exampleOf("project_id");
export const instanceId = exampleOf("instance_id");

/** The target of the call. */
export const path = operation.path.replace(/{(\w+)}/g, (_, name) => exampleOf(name));
