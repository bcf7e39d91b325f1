/** Runs PGlite in a thread of its own, since its queries block the event loop. Speaks PostgreSQL's protocol in whole batches. */
import { readFile } from "node:fs/promises";
import { parentPort, workerData } from "node:worker_threads";
import { PGlite } from "@electric-sql/pglite";

/** What the thread is started with. */
export interface PgliteWorkerData {
  /** Without it the database is in memory. */
  readonly directory?: string;
  /** A tar to begin with, as `dump` gave it. */
  readonly template?: string;
}

export type PgliteRequest = { readonly id: number } & (
  | { readonly batch: Uint8Array }
  | { readonly action: "dump" | "close" }
);

/** The first message, with id 0, says that the database is open. */
export interface PgliteResponse {
  readonly id: number;
  readonly result?: Uint8Array;
  readonly error?: string;
}

async function open({ directory, template }: PgliteWorkerData): Promise<PGlite> {
  const loadDataDir = template === undefined ? undefined : new Blob([await readFile(template)]);
  return PGlite.create({ dataDir: directory, loadDataDir });
}

async function answer(database: PGlite, request: PgliteRequest): Promise<Uint8Array | undefined> {
  if ("batch" in request) return database.execProtocolRaw(request.batch);
  if (request.action === "close") return void (await database.close());
  return new Uint8Array(await (await database.dumpDataDir("none")).arrayBuffer());
}

function serve(port: NonNullable<typeof parentPort>): void {
  const send = (response: PgliteResponse): void => port.postMessage(response);
  const opening = open(workerData as PgliteWorkerData);
  opening.then(
    () => send({ id: 0 }),
    (error: Error) => send({ id: 0, error: error.message }),
  );
  let queue: Promise<unknown> = opening;
  port.on("message", (request: PgliteRequest) => {
    queue = queue.then(async () => {
      try {
        send({ id: request.id, result: await answer(await opening, request) });
      } catch (error) {
        send({ id: request.id, error: (error as Error).message });
      }
    });
  });
}

if (parentPort !== null) serve(parentPort);
