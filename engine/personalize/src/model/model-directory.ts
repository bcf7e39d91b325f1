import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createInteractions, decodeStoredModel, encodeStoredModel, FormatError, type Interactions } from "@rondo/learn";
import { decodeHeader, encodeHeader, type ModelHeader } from "./model-header.ts";
import { columnKinds, readColumns, readTexts, storeColumns, storeTexts } from "./stored-records.ts";
import type { Entities, TrainedModel } from "./trained-model.ts";

const MODEL_FILE = "model.rondo";
/** What the recipe learned, a file each. */
const LEARNED_FOLDER = "learned";
const KIND = "personalize";
const MOST_FILES = 256;
/** More than Node reads into one buffer. */
const LARGEST_FILE = 2 ** 31 - 1;
const FILE_NAME = /^[a-z0-9][a-z0-9.-]{0,63}$/;

/**
 * Writes a model's files into a folder, which is made: `model.rondo` with the header, ids, records and histories in the form of `@rondo/learn`'s models, and
 * `learned/` with what the recipe learned.
 */
export async function writeModelDirectory(directory: string, model: TrainedModel, signal?: AbortSignal): Promise<void> {
  const { items, users, histories, learned, eventRecords } = model;
  const header = encodeHeader(model, {
    items: columnKinds(items.records),
    users: columnKinds(users.records),
    events: columnKinds(eventRecords),
  });
  const arrays = {
    header: new TextEncoder().encode(JSON.stringify(header)),
    ...storeTexts("items.ids", items.ids),
    ...storeTexts("users.ids", users.ids),
    ...storeColumns("items", items.records),
    ...storeColumns("users", users.records),
    ...storeColumns("events", eventRecords),
    ...storeEvents("histories", histories),
    ...(learned === histories ? {} : storeEvents("learned", learned)),
    eventTypeCodes: model.eventTypeCodes,
  };
  await mkdir(join(directory, LEARNED_FOLDER), { recursive: true });
  const options = signal === undefined ? {} : { signal };
  const write = async (name: string, chunks: Iterable<Uint8Array>): Promise<void> =>
    await pipeline(Readable.from(chunks), createWriteStream(join(directory, name)), options);
  await write(MODEL_FILE, encodeStoredModel({ kind: KIND, fields: {}, arrays }));
  for (const [name, bytes] of Object.entries(model.files)) {
    if (!FILE_NAME.test(name)) throw new RangeError(`${name} is no name of a model's file.`);
    await write(join(LEARNED_FOLDER, name), [bytes]);
  }
}

/** Throws FormatError for a folder that holds no such model, a damaged one, or one of another version. */
export async function readModelDirectory(directory: string): Promise<TrainedModel> {
  const path = join(directory, MODEL_FILE);
  const byteLength = await sizeOf(path);
  const chunks = createReadStream(path);
  try {
    const stored = await decodeStoredModel({ chunks, byteLength }, KIND);
    const header = decodeHeader(stored.bytes("header"));
    const items = readEntities("items", header.items);
    const users = readEntities("users", header.users);
    const histories = readEvents("histories", header.events.count, header);
    const eventTypeCodes = stored.bytes("eventTypeCodes");
    const isDamaged = eventTypeCodes.some((code) => code >= header.eventTypes.length);
    if (isDamaged || eventTypeCodes.length !== header.events.count) {
      throw new FormatError("The model file's eventTypeCodes is damaged.");
    }
    return {
      recipe: header.recipe,
      hyperparameters: header.hyperparameters,
      trainedAt: header.trainedAt,
      eventsUpTo: header.eventsUpTo,
      eventSelection: header.eventSelection,
      items,
      users,
      histories,
      learned: header.learned === undefined ? histories : readEvents("learned", header.learned, header),
      eventTypeCodes,
      eventTypes: header.eventTypes,
      eventRecords: readColumns(stored, "events", header.events.count, header.events.columns),
      files: await readLearned(join(directory, LEARNED_FOLDER)),
    };

    function readEntities(name: string, { count, columns }: ModelHeader["items"]): Entities {
      const ids = readTexts(stored, `${name}.ids`, count);
      return { ids, records: readColumns(stored, name, count, columns) };
    }

    function readEvents(name: string, count: number, { users: ofUsers, items: ofItems }: ModelHeader): Interactions {
      const starts = stored.starts(`${name}.starts`, ofUsers.count);
      const events = {
        users: usersOf(starts, count),
        items: stored.indexes(`${name}.items`, count, ofItems.count),
        times: stored.doubles(`${name}.times`, count),
        weights: stored.floats(`${name}.weights`, count),
      };
      return createInteractions({ users: ofUsers.count, items: ofItems.count, events });
    }
  } finally {
    chunks.destroy();
  }
}

function storeEvents(name: string, { events }: Interactions) {
  const { starts, items, times, weights } = events;
  return {
    [`${name}.starts`]: starts,
    [`${name}.items`]: items,
    [`${name}.times`]: times,
    [`${name}.weights`]: weights,
  };
}

function usersOf(starts: Uint32Array, count: number): Uint32Array {
  if (starts[starts.length - 1] !== count) throw new FormatError("The model file's histories are damaged.");
  const users = new Uint32Array(count);
  for (let user = 0; user + 1 < starts.length; user += 1) users.fill(user, starts[user], starts[user + 1]);
  return users;
}

async function readLearned(folder: string): Promise<TrainedModel["files"]> {
  const names = await readdir(folder).catch(() => {
    throw new FormatError("The model has no folder of what was learned.");
  });
  if (names.length > MOST_FILES || !names.every((name) => FILE_NAME.test(name))) {
    throw new FormatError("The model's folder of what was learned holds other files.");
  }
  const files: Record<string, Uint8Array> = {};
  for (const name of names.toSorted()) {
    const path = join(folder, name);
    await sizeOf(path);
    files[name] = await readFile(path);
  }
  return files;
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new FormatError(`The model has no file ${path}.`, { cause });
  });
  if (!found.isFile() || found.size > LARGEST_FILE) {
    throw new FormatError(`The model's file ${path} is none, or larger than ${LARGEST_FILE} bytes.`);
  }
  return found.size;
}
