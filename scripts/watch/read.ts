// Reads what the command compares: the SDK and the description that its options name.

import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { readDescription } from "./description.ts";
import { download, unpack } from "./pip.ts";
import { readSdk } from "./sdk.ts";
import { type Source, SourceError, type Statement } from "./statement.ts";

export interface Choice {
  /** A version, a wheel, the folder of an unpacked one, or `none`. Default: the newest version on PyPI */
  sdk?: string;
  /** A file or a URL. */
  description?: string;
}

/**
 * @param folder for what is fetched
 * @throws {SourceError} if one of them cannot be read
 */
export async function readSources({ sdk, description }: Choice, folder: string): Promise<Map<Source, Statement>> {
  const statements = new Map<Source, Statement>();
  if (sdk !== "none") statements.set("sdk", await readSdk(await folderOf(sdk, folder)));
  if (description !== undefined) statements.set("description", await describe(description));
  return statements;
}

/** The folder of an unpacked SDK. */
async function folderOf(sdk: string | undefined, folder: string): Promise<string> {
  const unpacked = join(folder, "unpacked");
  if (sdk === undefined || /^\d+(\.\w+)+$/.test(sdk)) {
    await unpack(await download(folder, sdk), unpacked);
    return unpacked;
  }
  const found = await stat(sdk).catch(() => undefined);
  if (!found) throw new SourceError(`--sdk ${sdk} is no version, and there is no such wheel or folder. ${mendSdk}`);
  if (found.isDirectory()) return sdk;
  await unpack(sdk, unpacked);
  return unpacked;
}

const mendSdk = "Give one of these, or none.";

async function describe(description: string): Promise<Statement> {
  const name = isUrl(description) ? withoutSecrets(description) : description;
  const failed = (reason: string) =>
    new SourceError(
      `${name} cannot be read: ${reason.replaceAll(description, name).replace(/\.$/, "")}. Give another file or URL with --description.`,
    );
  const text = await textOf(description).catch((error: Error & { cause?: Error }) => {
    throw failed(error.cause?.message || error.message);
  });
  try {
    return readDescription(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) throw failed("it is not JSON");
    throw error instanceof SourceError ? failed(error.message) : error;
  }
}

const isUrl = (text: string) => /^https?:\/\//i.test(text);

/** A URL without what may be secret: its credentials and its query. */
const withoutSecrets = (url: string) => url.replaceAll(/[?#].*$|(?<=:\/\/)[^/]*@/g, "");

async function textOf(description: string): Promise<string> {
  if (!isUrl(description)) return readFile(description, "utf8");
  const response = await fetch(description, { signal: AbortSignal.timeout(60_000) });
  if (!response.ok) throw new Error(`its status is ${response.status}`);
  return response.text();
}
