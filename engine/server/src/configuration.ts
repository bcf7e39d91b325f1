import { resolve } from "node:path";

/** Everything that can be set from outside. One list: flags, environment variables, help and docs are derived from it. */
export const settings = {
  port: {
    flag: "--port <number>",
    environment: "RONDO_PORT",
    default: "4700",
    description: "port of the AWS APIs; 0 takes a free one",
  },
  host: {
    flag: "--host <address>",
    environment: "RONDO_HOST",
    default: "127.0.0.1",
    description: "address to listen on; anything but loopback is reachable by others",
  },
  hostNames: {
    flag: "--host-names <names>",
    environment: "RONDO_HOST_NAMES",
    default: "",
    description: "names, with commas between, by which others reach it; requests for other names are refused",
  },
  home: {
    flag: "--home <folder>",
    environment: "RONDO_HOME",
    default: ".rondo",
    description: "folder that holds everything: database, objects, credentials, logs",
  },
  bootstrap: {
    flag: "--no-bootstrap",
    environment: "RONDO_BOOTSTRAP",
    default: "true",
    description: "only the bare server: no application, nothing is trained",
  },
  allowReset: {
    flag: "--allow-reset",
    environment: "RONDO_ALLOW_RESET",
    default: "false",
    description: "let POST /_rondo/reset empty everything, for test suites",
  },
  accountId: {
    flag: "--account-id <digits>",
    environment: "RONDO_ACCOUNT_ID",
    default: "000000000000",
    description: "the account that the key pair of the first start belongs to",
  },
  region: {
    flag: "--region <name>",
    environment: "RONDO_REGION",
    default: "us-east-1",
    description: "region in the credentials file and of the sentiment application; clients may use any other",
  },
  databaseUrl: {
    flag: "--database-url <url>",
    environment: "DATABASE_URL",
    default: "",
    description: "a PostgreSQL server (15 or newer) for the state; without it one of our own is started",
  },
  sql: {
    flag: "--sql <home>",
    environment: "RONDO_SQL",
    default: "",
    description: "without a server: embedded (a PostgreSQL of our own) or pglite; by itself the one that can run here",
  },
  objects: {
    flag: "--objects <url>",
    environment: "RONDO_OBJECTS",
    default: "",
    description:
      "a bucket for large objects (s3://bucket/prefix, standard AWS variables); without it they lie in the home",
  },
  logLevel: {
    flag: "--log-level <level>",
    environment: "RONDO_LOG_LEVEL",
    default: "warn",
    description: "error, warn, info or debug; JSON lines on standard error",
  },
  python: {
    flag: "--python <command>",
    environment: "RONDO_PYTHON",
    default: "python3",
    description: "interpreter, 3.8 or newer, for training and processing scripts in Python",
  },
  sentimentPort: {
    flag: "--sentiment-port <number>",
    environment: "RONDO_SENTIMENT_PORT",
    default: "8000",
    description:
      "port of the sentiment application's inference service, the other six services take the next ones; 0 takes free ones",
  },
  recommendationsPort: {
    flag: "--recommendations-port <number>",
    environment: "RONDO_RECOMMENDATIONS_PORT",
    default: "8010",
    description:
      "port of the recommendations application's sync service, its API and page take the next one; 0 takes free ones",
  },
  applications: {
    flag: "--applications <names>",
    environment: "RONDO_APPLICATIONS",
    default: "sentiment,recommendations",
    description: "the applications that start with the server, with commas between them",
  },
  smtpUrl: {
    flag: "--smtp-url <url>",
    environment: "RONDO_SMTP_URL",
    default: "",
    description:
      "mail server for SNS's e-mails (smtp://user:password@host:port); without it they are files in the home",
  },
  mailFrom: {
    flag: "--mail-from <address>",
    environment: "RONDO_MAIL_FROM",
    default: "no-reply@rondo.localhost",
    description: "sender of SNS's e-mails",
  },
  privateSubscribers: {
    flag: "--no-private-subscribers",
    environment: "RONDO_PRIVATE_SUBSCRIBERS",
    default: "true",
    description: "send SNS's messages to subscribers on this machine and in private networks; say no on a server",
  },
} as const satisfies Record<string, Setting>;

export interface Setting {
  readonly flag: string;
  readonly environment: string;
  readonly default: string;
  readonly description: string;
}

export type SettingName = keyof typeof settings;

/** The applications that can start with the server. */
export const APPLICATIONS = ["sentiment", "recommendations"] as const;

export type ApplicationName = (typeof APPLICATIONS)[number];

export interface Configuration {
  readonly port: number;
  readonly host: string;
  readonly hostNames: readonly string[];
  /** Absolute. */
  readonly home: string;
  readonly allowReset: boolean;
  readonly accountId: string;
  readonly region: string;
  readonly databaseUrl: string | undefined;
  /** Undefined: embedded where it can run, else pglite. */
  readonly sql: "embedded" | "pglite" | undefined;
  /** `s3://bucket/prefix`; undefined: under the home. */
  readonly objects: string | undefined;
  readonly logLevel: "error" | "warn" | "info" | "debug";
  readonly python: string;
  readonly sentimentPort: number;
  readonly recommendationsPort: number;
  /** None with `--no-bootstrap`. */
  readonly applications: readonly ApplicationName[];
  readonly smtpUrl: string | undefined;
  readonly mailFrom: string;
  readonly privateSubscribers: boolean;
}

/** A setting that cannot be used, with its flag and variable, so that the reader knows what to change. */
export class ConfigurationError extends Error {
  constructor(name: SettingName, value: string, expected: string) {
    const { flag, environment } = settings[name];
    super(`${flag.split(" ")[0]} (${environment}) is ${JSON.stringify(value)}; it must be ${expected}.`);
    this.name = "ConfigurationError";
  }
}

/**
 * Flags win over environment variables, those over defaults. `flags` holds what was given on the command line, by setting name; booleans as
 * commander gives them. Throws ConfigurationError.
 */
export function readConfiguration(
  flags: Partial<Record<SettingName, string | boolean>> = {},
  environment: NodeJS.ProcessEnv = process.env,
): Configuration {
  const text = (name: SettingName): string => {
    const flag = flags[name];
    return String(flag ?? (environment[settings[name].environment] || settings[name].default)).trim();
  };
  return {
    port: portNumber("port", text("port")),
    host: text("host"),
    hostNames: text("hostNames")
      .split(/[\s,]+/)
      .filter((name) => name !== ""),
    home: resolve(text("home")),
    allowReset: truth("allowReset", text("allowReset")),
    accountId: matching("accountId", text("accountId"), /^\d{12}$/, "12 digits"),
    region: matching("region", text("region"), /^[a-z]{2}(-[a-z]+)+-\d$/, "a region such as us-east-1"),
    databaseUrl: optional(
      "databaseUrl",
      text("databaseUrl"),
      /^postgres(ql)?:\/\//,
      "a URL postgres://user:password@host:port/database",
    ),
    sql: text("sql") === "" ? undefined : oneOf("sql", text("sql"), ["embedded", "pglite"]),
    objects: optional("objects", text("objects"), /^s3:\/\/[^/]+/, "s3://bucket/prefix"),
    logLevel: oneOf("logLevel", text("logLevel"), ["error", "warn", "info", "debug"]),
    python: text("python"),
    sentimentPort: portNumber("sentimentPort", text("sentimentPort")),
    recommendationsPort: portNumber("recommendationsPort", text("recommendationsPort")),
    applications: truth("bootstrap", text("bootstrap")) ? applicationNames(text("applications")) : [],
    smtpUrl: optional("smtpUrl", text("smtpUrl"), /^smtps?:\/\/[^/]+/, "smtp://user:password@host:port"),
    mailFrom: matching("mailFrom", text("mailFrom"), /^[^\s@]+@[^\s@]+$/, "an e-mail address"),
    privateSubscribers: truth("privateSubscribers", text("privateSubscribers")),
  };
}

function portNumber(name: SettingName, value: string): number {
  const port = Number(value);
  if (!/^\d+$/.test(value) || port > 65_535) throw new ConfigurationError(name, value, "a port number from 0 to 65535");
  return port;
}

function applicationNames(value: string): ApplicationName[] {
  const names = value.split(",").map((name) => name.trim());
  return names.filter((name) => name !== "").map((name) => oneOf("applications", name, APPLICATIONS));
}

function truth(name: SettingName, value: string): boolean {
  if (/^(true|1|yes|on)$/i.test(value)) return true;
  if (/^(false|0|no|off)$/i.test(value)) return false;
  throw new ConfigurationError(name, value, "true or false");
}

function optional(name: SettingName, value: string, pattern: RegExp, expected: string): string | undefined {
  return value === "" ? undefined : matching(name, value, pattern, expected);
}

function matching(name: SettingName, value: string, pattern: RegExp, expected: string): string {
  if (!pattern.test(value))
    throw new ConfigurationError(name, ["databaseUrl", "smtpUrl"].includes(name) ? "…" : value, expected);
  return value;
}

function oneOf<const Values extends readonly string[]>(
  name: SettingName,
  value: string,
  values: Values,
): Values[number] {
  if (!values.includes(value)) throw new ConfigurationError(name, value, `one of ${values.join(", ")}`);
  return value;
}
