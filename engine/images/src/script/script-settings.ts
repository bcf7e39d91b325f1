import { tmpdir } from "node:os";
import { join } from "node:path";

/** What the container's program needs of this host and the user's program is not given. */
export interface ScriptSettings {
  /** The directory of cached environments. */
  readonly environments: string;
  /** The interpreter: a path or a command. Default: `python3`. */
  readonly python?: string | undefined;
  /** For pip and npm: their own variables, proxies, certificates, and the home that holds their configuration and caches. */
  readonly variables: Readonly<Record<string, string>>;
}

const VARIABLE = "RONDO_SCRIPT_SETTINGS";

const INSTALLER_VARIABLES = [
  /^PIP_/,
  /^(HTTP|HTTPS|ALL|NO)_PROXY$/i,
  /^(SSL_CERT_FILE|SSL_CERT_DIR|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|NODE_EXTRA_CA_CERTS)$/,
  // The others of npm's tell about the project that npm has started us for.
  /^npm_config_(registry|cafile|ca|strict_ssl|proxy|https_proxy|noproxy|userconfig|cache|offline|prefer_offline)$/i,
  /^(HOME|XDG_CONFIG_HOME|XDG_CACHE_HOME)$/,
];

export interface ScriptEnvironmentOptions {
  /** The directory of cached environments, `RONDO_HOME/environments`. */
  readonly environments: string;
  /** The interpreter for scripts in Python: a path or a command. Default: `python3`. */
  readonly python?: string;
  /** The server's own environment, for what pip and npm read of theirs, their proxies and their home. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What the environment of a script image's program must hold besides the job's own; the user's program does not get to see it. */
export function scriptEnvironment({
  environments,
  python,
  environment,
}: ScriptEnvironmentOptions): Record<string, string> {
  const variables = pick(environment, INSTALLER_VARIABLES);
  const settings: ScriptSettings = { environments, python, variables };
  return { [VARIABLE]: JSON.stringify(settings) };
}

/** The settings and the rest of the environment. Without settings the caches lie in the system's directory for temporary files. */
export function takeScriptSettings(environment: NodeJS.ProcessEnv): {
  readonly settings: ScriptSettings;
  readonly rest: Record<string, string>;
} {
  const { [VARIABLE]: text, ...others } = environment;
  const defaults: ScriptSettings = { environments: join(tmpdir(), "rondo-environments"), variables: {} };
  const settings = text === undefined ? defaults : (JSON.parse(text) as ScriptSettings);
  return { settings, rest: pick(others, [/^/]) };
}

/** What pip and npm are given: how to find commands and write text, the host's configuration, and the job's own for pip; no credentials of the job. */
export function installerEnvironment(
  settings: ScriptSettings,
  job: Readonly<Record<string, string>>,
): Record<string, string> {
  return { ...pick(job, [/^(PATH|LANG|LC_.*|TZ|TMPDIR)$/]), ...settings.variables, ...pick(job, [/^PIP_/]) };
}

function pick(
  environment: Readonly<Record<string, string | undefined>>,
  patterns: readonly RegExp[],
): Record<string, string> {
  const entries = Object.entries(environment).filter(([name]) => patterns.some((pattern) => pattern.test(name)));
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
