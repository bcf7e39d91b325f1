import type { SdkModule, ServiceDefinition } from "./service.ts";
import { type StructureShape, shapeOf, type Traits } from "./shape.ts";

/** An operation as the SDK describes it. */
export interface OperationModel {
  readonly name: string;
  readonly input: StructureShape | undefined;
  readonly output: StructureShape | undefined;
  readonly traits: Traits;
}

/** A service after its SDK package has been loaded. */
export interface ServiceModel {
  readonly definition: ServiceDefinition;
  readonly sdk: SdkModule;
  /** Every operation that the SDK knows, ours or not. */
  readonly operations: ReadonlyMap<string, OperationModel>;
  readonly errors: ReadonlyMap<string, StructureShape>;
  /** `com.amazonaws.sagemaker` */
  readonly namespace: string;
  readonly xmlNamespace: string | undefined;
  /** The values of an enumeration that the SDK exports: `TrainingInputMode`. */
  readonly enumValues: (name: string) => readonly string[] | undefined;
}

interface SdkClient {
  readonly config: {
    readonly protocolSettings?: { readonly defaultNamespace?: string; readonly xmlNamespace?: string };
  };
}

type OperationSchema = readonly [9, string, string, Traits | 0, unknown, unknown];

const loaded = new WeakMap<ServiceDefinition, ServiceModel>();

/** The model of a service, loading its SDK package at the first call. Throws when a listed operation is not in the SDK. */
export function serviceModel(definition: ServiceDefinition): ServiceModel {
  let model = loaded.get(definition);
  if (model === undefined) loaded.set(definition, (model = readModel(definition)));
  return model;
}

function readModel(definition: ServiceDefinition): ServiceModel {
  const sdk = definition.load();
  const operations = new Map<string, OperationModel>();
  const errors = new Map<string, StructureShape>();
  for (const schema of Object.values(sdk)) {
    if (!Array.isArray(schema)) continue;
    if (schema[0] === 9) {
      const operation = readOperation(schema as unknown as OperationSchema);
      operations.set(operation.name, operation);
    } else if (schema[0] === -3) errors.set(String(schema[2]), shapeOf(schema) as StructureShape);
  }
  for (const name of Object.keys(definition.operations)) {
    if (!operations.has(name))
      throw new Error(`${definition.id} lists the operation ${name}, which the SDK does not have`);
  }
  const settings = protocolSettings(sdk, definition.client);
  return {
    definition,
    sdk,
    operations,
    errors,
    namespace: settings?.defaultNamespace ?? "",
    xmlNamespace: settings?.xmlNamespace,
    enumValues: (name) => enumValues(sdk[name]),
  };
}

function enumValues(exported: unknown): readonly string[] | undefined {
  return typeof exported === "object" && exported !== null && !Array.isArray(exported)
    ? Object.values(exported as Record<string, string>)
    : undefined;
}

function readOperation([, , name, traits, input, output]: OperationSchema): OperationModel {
  return { name, input: structureOrUnit(input), output: structureOrUnit(output), traits: traits === 0 ? {} : traits };
}

function structureOrUnit(schema: unknown): StructureShape | undefined {
  const shape = shapeOf(schema);
  return shape.kind === "structure" ? shape : undefined;
}

function protocolSettings(sdk: SdkModule, name: string) {
  const Client = sdk[name] as new (config: object) => SdkClient;
  if (typeof Client !== "function") throw new Error(`The SDK package does not export ${name}`);
  const credentials = { accessKeyId: "unused", secretAccessKey: "unused" };
  return new Client({ region: "us-east-1", endpoint: "http://127.0.0.1", credentials }).config.protocolSettings;
}
