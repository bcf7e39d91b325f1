import { access, constants, mkdir } from "node:fs/promises";
import { join } from "node:path";

/** Where things lie under RONDO_HOME. */
export interface Home {
  readonly path: string;
  /** The database is in one of these, unless DATABASE_URL names a server (engine/store makes them). */
  readonly databases: readonly string[];
  /** Bodies of larger objects. */
  readonly objects: string;
  /** Directories of jobs while they run. */
  readonly jobs: string;
  /** Interpreters with the packages that scripts asked for: a cache. */
  readonly environments: string;
  /** Unpacked model artifacts of endpoints. */
  readonly models: string;
  /** INI file that AWS SDKs read. */
  readonly credentials: string;
  /** Names this home among those of Rondos that share a database. */
  readonly place: string;
  /** Where the running server is. */
  readonly serverFile: string;
}

export function homeAt(path: string): Home {
  return {
    path,
    databases: [join(path, "postgres"), join(path, "pglite")],
    objects: join(path, "objects"),
    jobs: join(path, "jobs"),
    environments: join(path, "environments"),
    models: join(path, "models"),
    credentials: join(path, "credentials"),
    place: join(path, "place"),
    serverFile: join(path, "server.json"),
  };
}

/** Makes the folder, for its owner only: it holds secrets and data. Throws when it cannot be made, read or written. */
export async function prepareHome(path: string): Promise<Home> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `${path} cannot be the home of Rondo: ${reason}. Choose another folder with --home or RONDO_HOME.`,
      {
        cause: error,
      },
    );
  }
  return homeAt(path);
}
