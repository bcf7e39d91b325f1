import type {
  AttributeValue,
  BatchGetItemInput,
  BatchGetItemOutput,
  KeysAndAttributes,
} from "@aws-sdk/client-dynamodb";
import type { Caller } from "@rondo/wire";
import { type Item, sizeOfItem, toSdkItem } from "./attribute-value.ts";
import { checkDistinctKeys } from "./check-distinct-keys.ts";
import { describeCapacities, readUnits } from "./consumed-capacity.ts";
import type { DynamoDbDependencies } from "./dynamodb-dependencies.ts";
import { encodeGivenKey } from "./item-key.ts";
import { refuseLegacyParameters } from "./legacy-parameters.ts";
import { readItem } from "./read-attribute-value.ts";
import { readProjection } from "./read-projection.ts";
import type { TableDefinition } from "./table-definition.ts";
import { validationError } from "./validation-error.ts";

const MAX_GETS = 100;
/** Bytes of the items that are answered; what is beyond goes into UnprocessedKeys. */
const MAX_ANSWER = 16 << 20;
/** Items looked up at once: 10 MB when all are as large as they may be. */
const CHUNK = 25;

interface Lookup {
  readonly name: string;
  readonly table: TableDefinition;
  readonly given: Record<string, AttributeValue>;
  readonly key: Buffer;
  readonly project: (item: Item) => Item;
  readonly isConsistent: boolean | undefined;
}

interface FoundItem {
  readonly lookup: Lookup;
  readonly item: Item | undefined;
  readonly bytes: number;
}

/** BatchGetItem: many items of several tables, each for itself. */
export function createBatchGetItem({ items, tables, expressions }: DynamoDbDependencies) {
  function readLookups(name: string, table: TableDefinition, request: KeysAndAttributes): Lookup[] {
    refuseLegacyParameters(request);
    const project = readProjection(expressions, request);
    return (request.Keys ?? []).map((given) => ({
      name,
      table,
      given,
      key: encodeGivenKey(table.key, readItem(given)),
      project,
      isConsistent: request.ConsistentRead,
    }));
  }

  /** In order, until the answer is full. */
  async function lookUp(lookups: readonly Lookup[]): Promise<FoundItem[]> {
    const found: FoundItem[] = [];
    let total = 0;
    for (let at = 0; at < lookups.length; at += CHUNK) {
      const chunk = lookups.slice(at, at + CHUNK);
      const values = await Promise.all(chunk.map(({ table, key }) => items.find({ table: table.itemTable, key })));
      for (const [index, lookup] of chunk.entries()) {
        const value = values[index];
        const item = value === undefined ? undefined : (JSON.parse(value) as Item);
        const bytes = item === undefined ? 0 : sizeOfItem(item);
        total += bytes;
        if (total > MAX_ANSWER) return found;
        found.push({ lookup, item, bytes });
      }
    }
    return found;
  }

  return async function batchGetItem(input: BatchGetItemInput, caller: Caller): Promise<BatchGetItemOutput> {
    const { RequestItems: asked = {} } = input;
    const names = Object.keys(asked);
    if (Object.values(asked).reduce((count, { Keys = [] }) => count + Keys.length, 0) > MAX_GETS) {
      throw validationError("Too many items requested for the BatchGetItem call");
    }
    return await tables.useAll(caller, names, async (definitions) => {
      const lookups = Object.entries(asked).flatMap(([name, request]) =>
        readLookups(name, definitions.get(name) as TableDefinition, request),
      );
      checkDistinctKeys(lookups, "Provided list of item keys contains duplicates");
      const found = await lookUp(lookups);
      const responses = Object.fromEntries(names.map((name) => [name, [] as Record<string, AttributeValue>[]]));
      for (const { lookup, item } of found) {
        if (item !== undefined) responses[lookup.name]?.push(toSdkItem(lookup.project(item)));
      }
      const consumed = found.map(({ lookup, bytes }) => ({
        table: lookup.table,
        units: { table: readUnits(bytes, lookup), indexes: new Map() },
      }));
      return {
        Responses: responses,
        UnprocessedKeys: describeUnprocessed(lookups.slice(found.length), asked),
        ...describeCapacities(input.ReturnConsumedCapacity, consumed),
      };
    });
  };
}

function describeUnprocessed(
  lookups: readonly Lookup[],
  asked: Readonly<Record<string, KeysAndAttributes>>,
): Record<string, KeysAndAttributes> {
  const names = new Set(lookups.map(({ name }) => name));
  return Object.fromEntries(
    Array.from(names, (name) => {
      const keys = lookups.filter((lookup) => lookup.name === name).map(({ given }) => given);
      return [name, { ...asked[name], Keys: keys }];
    }),
  );
}
