// CHANGELOG.md, in the form of Keep a Changelog: a section for each version, and a link for each heading.

import { Refusal } from "./refusal.ts";

export const unreleased = "Unreleased";

/** What stands below the heading of a version; undefined if there is none. */
export function sectionOf(changelog: string, version: string): string | undefined {
  const [, found] = changelog.split(`\n## [${version}]`);
  return found
    ?.replace(/^.*\n/, "")
    .split(/^(?:## |\[.+\]: )/m)[0]
    ?.trim();
}

export const hasEntries = (section: string) => /^- /m.test(section);

/** The entries since the last release become the section of a version, with its date. */
export function withRelease(changelog: string, version: string, date: string): string {
  const compare = /^\[Unreleased\]: (\S+\/compare\/)(v\S+)\.\.\.HEAD$/m;
  if (!changelog.includes(heading) || !compare.test(changelog))
    throw new Refusal(`CHANGELOG.md: there is no "${heading.trim()}", or no link [Unreleased]: …/compare/v…...HEAD.`);
  return changelog
    .replace(heading, `${heading}\n## [${version}] - ${date}\n`)
    .replace(
      compare,
      (_, to, last) => `[Unreleased]: ${to}v${version}...HEAD\n[${version}]: ${to}${last}...v${version}`,
    );
}

const heading = `## [${unreleased}]\n`;
