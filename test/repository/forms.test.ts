// The forms that GitHub shows for an issue and a pull request. GitHub ignores a form that breaks its rules, without a word.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseYaml } from "@redocly/openapi-core";
import { describe, expect, it } from "vitest";
import { repository } from "../../scripts/repository.ts";

interface Form {
  name: string;
  description: string;
  body: {
    type: string;
    id: string;
    attributes: { label: string; description?: string; options?: string[]; render?: string };
    validations?: { required: boolean };
  }[];
}

const folder = join(repository, ".github/ISSUE_TEMPLATE");
const names = (await readdir(folder)).filter((name) => name !== "config.yml");
const read = async (name: string) => parseYaml(await readFile(join(folder, name), "utf8")) as Form;

/** What GitHub would refuse. */
function faultsOf({ name, description, body, ...rest }: Form): string[] {
  const ids = body.map(({ id }) => id);
  const labels = body.map(({ attributes }) => attributes.label);
  return [
    ...(name && description ? [] : ["no name or description"]),
    ...Object.keys(rest).filter((key) => !["labels", "title", "assignees", "projects", "type"].includes(key)),
    ...body.flatMap(({ type, id, attributes }) => [
      ...(["input", "textarea", "dropdown"].includes(type) ? [] : [`the type ${type}`]),
      ...(/^[\w-]+$/.test(id) ? [] : [`the id ${id}`]),
      ...(attributes.label ? [] : ["no label"]),
      ...((type === "dropdown") === Array.isArray(attributes.options) ? [] : [`options of ${id}`]),
      ...(attributes.render && type !== "textarea" ? [`render of ${id}`] : []),
    ]),
    ...(new Set(ids).size === ids.length && new Set(labels).size === labels.length ? [] : ["an id or a label twice"]),
  ];
}

describe("the forms of an issue", () => {
  it.each(names)(
    "follow GitHub's rules, and ask for a report as JSON, the revision and the version: %s",
    async (name) => {
      const form = await read(name);
      expect(faultsOf(form)).toEqual([]);
      const field = (id: string) => form.body.find((one) => one.id === id);
      expect(field("report")?.attributes).toMatchObject({
        render: "json",
        description: expect.stringContaining("--format json"),
      });
      for (const id of ["revision", "version"]) expect(field(id)?.validations, id).toEqual({ required: true });
    },
  );

  it("are refused if they break one", async () => {
    const form = await read(names[0] as string);
    const [first, ...more] = form.body as [Form["body"][0], ...Form["body"]];
    const spoiled: Form[] = [
      { ...form, name: "" },
      { ...form, body: [first, first, ...more] },
      { ...form, body: [{ ...first, type: "text" }, ...more] },
      { ...form, body: [{ ...first, id: "a b" }, ...more] },
      { ...form, body: [{ ...first, type: "dropdown", attributes: { label: "a" } }, ...more] },
    ];
    for (const one of spoiled) expect(faultsOf(one)).not.toEqual([]);
  });

  it("leave out vulnerabilities, which SECURITY.md takes", async () => {
    const { contact_links: links } = parseYaml(await readFile(join(folder, "config.yml"), "utf8")) as {
      contact_links: { url: string }[];
    };
    const security = await readFile(join(repository, "SECURITY.md"), "utf8");
    expect(links).toHaveLength(1);
    for (const { url } of links) expect(security).toContain(`](${url})`);
  });
});

describe("the template of a pull request", () => {
  it("has five lines", async () => {
    const text = await readFile(join(repository, ".github/pull_request_template.md"), "utf8");
    expect(text.trimEnd().split("\n")).toHaveLength(5);
  });
});
