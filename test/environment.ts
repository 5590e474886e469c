// The environment of a process that we start.

type Environment = Record<string, string | undefined>;

/**
 * The environment of this process and `more`, without the credentials of this call and any other `DCS_…`. An empty
 * environment would fail on other machines: one may reach the registry only through a proxy
 * (`HTTPS_PROXY`), know another one (`npm_config_registry`), or trust it only by a certificate (`NODE_EXTRA_CA_CERTS`).
 */
export function inherited(more: Environment = {}): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.toUpperCase().startsWith("DCS_"));
  return { ...Object.fromEntries(own), ...more };
}
