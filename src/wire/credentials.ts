// How a request proves who sends it: with a token, or signed with a pair of keys.

/** A project-scoped token of Huawei Cloud's IAM. It is valid for 24 hours. */
export interface TokenCredentials {
  token: string;
}

/** An access key and its secret key; temporary ones have a security token too. */
export interface KeyCredentials {
  accessKey: string;
  secretKey: string;
  securityToken?: string | undefined;
}

export type Credentials = TokenCredentials | KeyCredentials;

/** Called for each request that is sent, retries included: keep what it fetches until it expires. */
export type CredentialsProvider = () => Promise<Credentials>;

/** Loaded with the first signature: who uses a token never needs it. */
let signer: typeof import("./signature.ts") | undefined;

/** The headers that authenticate a GET request, their names in lower case. */
export async function authenticate(
  credentials: Credentials,
  address: string,
  projectId: string,
  time: Date,
): Promise<Record<string, string>> {
  if ("token" in credentials) return { "x-auth-token": credentials.token };
  signer ??= await import("./signature.ts");
  return signer.signedHeaders(credentials, address, projectId, time);
}

/**
 * A copy with nothing but strings that a header can carry.
 * @throws {TypeError} that names what is wrong with the credentials, and not what they are
 */
export function checkCredentials(credentials: Credentials): Credentials {
  const given: Partial<Record<string, unknown>> = Object(credentials);
  const names = "token" in given ? ["token"] : ["accessKey", "secretKey"];
  if (given.securityToken !== undefined) names.push("securityToken");
  const copy: Record<string, string> = {};
  for (const name of names) {
    const value = given[name];
    // Whoever reads a token from a file often leaves the line break on.
    const isUsable = typeof value === "string" && /^[!-~]+$/.test(value) && !("token" in given && "accessKey" in given);
    if (!isUsable) {
      throw new TypeError(
        `credentials.${name} is not usable: give { token } or { accessKey, secretKey, securityToken? } in visible ASCII`,
      );
    }
    copy[name] = value;
  }
  return copy as unknown as Credentials;
}

/** The signature of a signed request: its 64 digits are the end of the header. */
export const signatureOf = ({ authorization }: Record<string, string>): string | undefined => authorization?.slice(-64);
