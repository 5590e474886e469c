// The program of every TypeScript row that meets the later service's answers (../answers.ts says what it prints). Its argument
// is the file with the row's call.

import type { Call } from "./program.js";

/** A row's call, whichever document its code was generated from. */
type List = (call: Call) => Promise<{ status: number; page?: unknown; failure?: unknown }>;

const { list } = (await import(`./${process.argv[2]}`)) as { list: List };
const { BASE_URL, CASES = "", TOKEN = "", PROJECT_ID = "", INSTANCE_ID = "" } = process.env;
const path = { project_id: PROJECT_ID, instance_id: INSTANCE_ID };

for (const name of CASES.split(" ")) console.log(`${name}: ${await outcome(`${BASE_URL}/${name}`)}`);

async function outcome(baseUrl: string): Promise<string> {
  try {
    const { status, page, failure } = await list({ baseUrl, token: TOKEN, path, query: {} });
    const given = JSON.stringify(page ?? failure); // whichever the client has
    return status < 400 ? `gives ${given}` : `error ${status} ${given}`;
  } catch (error) {
    return `crash ${(error as Error).message.replace(/\s+/g, " ")}`;
  }
}
