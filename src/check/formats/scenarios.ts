// How a command fared in the scenarios of the mock, as the rows of a table.

import type { Report, ScenarioRun } from "../model/report.ts";

export const scenarioHeadings = ["Scenario", "The scenario", "Requests", "Violations", "Command", "Never asked for"];

/** A row for each run, with its cells in the order of the headings. */
export const scenarioRows = ({ scenarios = [] }: Report): { run: ScenarioRun; cells: string[] }[] =>
  scenarios.map((run) => {
    const { scenario, keeps, requests, violations, command, neverAsked } = run;
    const how = scenario === "none" ? "" : `${keeps ? "keeps to" : "breaks"} the contract`;
    const missed = `${neverAsked.count} of ${neverAsked.of}`;
    return { run, cells: [scenario, how, String(requests), String(violations), command, missed] };
  });
