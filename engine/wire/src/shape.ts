import { NormalizedSchema } from "@smithy/core/schema";

/**
 * The SDK's static schemas as plain objects: what readers, writers and checks walk over. Computed lazily (shapes may be recursive) and
 * once per schema. The tuples are described in @smithy/types `static-schemas.d.ts`.
 */
export type Shape = SimpleShape | TimestampShape | BlobShape | StructureShape | ListShape | MapShape;

export interface SimpleShape {
  readonly kind: "string" | "number" | "boolean" | "bigInteger" | "bigDecimal" | "document" | "unit";
}

export interface TimestampShape {
  readonly kind: "timestamp";
  /** Undefined: whatever is usual at the place (epoch seconds in JSON, date-time in XML, http-date in headers). */
  readonly format: "date-time" | "http-date" | "epoch-seconds" | undefined;
}

export interface BlobShape {
  readonly kind: "blob";
  readonly streaming: boolean;
}

export interface StructureShape {
  readonly kind: "structure";
  /** As the SDK exports it, without `$`: `CreateTrainingJobRequest`. */
  readonly name: string;
  readonly isUnion: boolean;
  readonly traits: Traits;
  readonly members: readonly Member[];
  readonly member: (name: string) => Member | undefined;
}

export interface ListShape {
  readonly kind: "list";
  readonly element: Member;
}

export interface MapShape {
  readonly kind: "map";
  readonly key: Member;
  readonly value: Member;
}

export interface Member {
  readonly name: string;
  readonly shape: Shape;
  /** Traits of the member over those of its target. */
  readonly traits: Traits;
  /** Idempotency tokens are never required: the service makes one. */
  readonly required: boolean;
}

/** The traits that matter on the wire; flags are 1 when set. */
export interface Traits {
  readonly http?: readonly [method: string, uri: string, status: number];
  readonly httpLabel?: 1;
  readonly httpQuery?: string;
  readonly httpQueryParams?: 1;
  readonly httpHeader?: string;
  readonly httpPrefixHeaders?: string;
  readonly httpPayload?: 1;
  readonly httpResponseCode?: 1;
  readonly idempotencyToken?: 1;
  readonly sensitive?: 1;
  readonly streaming?: 1;
  readonly eventPayload?: 1;
  readonly eventHeader?: 1;
  readonly mediaType?: string;
  readonly xmlName?: string;
  readonly xmlFlattened?: 1;
  readonly xmlAttribute?: 1;
  readonly xmlNamespace?: readonly [prefix: string, uri: string];
  readonly error?: "client" | "server";
  readonly httpError?: number;
  readonly awsQueryError?: readonly [code: string, status: number];
}

type SchemaRef = Parameters<typeof NormalizedSchema.of>[0];

const simpleKinds: Readonly<Record<number, SimpleShape["kind"]>> = {
  0: "string",
  1: "number",
  2: "boolean",
  15: "document",
  17: "bigInteger",
  19: "bigDecimal",
};
const timestampFormats: Readonly<Record<number, TimestampShape["format"]>> = {
  5: "date-time",
  6: "http-date",
  7: "epoch-seconds",
};
const known = new WeakMap<object, Shape>();

/** The shape of an exported schema (`CreateTrainingJobRequest$`) or of the function that yields it. */
export function shapeOf(schema: unknown): Shape {
  return shapeOfNormalized(NormalizedSchema.of(schema as SchemaRef));
}

function shapeOfNormalized(schema: NormalizedSchema): Shape {
  const raw = schema.getSchema();
  if (typeof raw !== "object" || raw === null) return makeShape(schema, raw);
  let shape = known.get(raw);
  if (shape === undefined) known.set(raw, (shape = makeShape(schema, raw)));
  return shape;
}

function makeShape(schema: NormalizedSchema, raw: unknown): Shape {
  if (schema.isUnitSchema()) return { kind: "unit" };
  if (schema.isStructSchema()) return structureShape(schema, raw);
  if (schema.isListSchema()) return listShape(schema);
  if (schema.isMapSchema()) return mapShape(schema);
  if (schema.isBlobSchema()) return { kind: "blob", streaming: schema.isStreaming() };
  if (schema.isTimestampSchema()) return { kind: "timestamp", format: timestampFormats[raw as number] };
  const kind = simpleKinds[raw as number];
  if (kind === undefined)
    throw new Error(`The SDK's schema ${schema.getName(true)} is of a kind that is not known here`);
  return { kind };
}

function structureShape(schema: NormalizedSchema, raw: unknown): StructureShape {
  const requiredCount = (raw as readonly unknown[])[6];
  let members: Member[] | undefined;
  let byName: Map<string, Member> | undefined;
  const read = () =>
    (members ??= [...schema.structIterator()].map(([, member], i) => memberOf(member, i < Number(requiredCount ?? 0))));
  return {
    kind: "structure",
    name: schema.getName() ?? "",
    isUnion: schema.isUnionSchema(),
    traits: schema.getOwnTraits() as Traits,
    get members() {
      return read();
    },
    member: (name) => (byName ??= new Map(read().map((member) => [member.name, member]))).get(name),
  };
}

function listShape(schema: NormalizedSchema): ListShape {
  let element: Member | undefined;
  return {
    kind: "list",
    get element() {
      return (element ??= memberOf(schema.getValueSchema(), false));
    },
  };
}

function mapShape(schema: NormalizedSchema): MapShape {
  let key: Member | undefined;
  let value: Member | undefined;
  return {
    kind: "map",
    get key() {
      return (key ??= memberOf(schema.getKeySchema(), false));
    },
    get value() {
      return (value ??= memberOf(schema.getValueSchema(), false));
    },
  };
}

function memberOf(schema: NormalizedSchema, required: boolean): Member {
  const traits = schema.getMergedTraits() as Traits;
  return {
    name: schema.getMemberName(),
    shape: shapeOfNormalized(schema),
    traits,
    required: required && traits.idempotencyToken === undefined,
  };
}
