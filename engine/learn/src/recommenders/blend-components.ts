import type { EncodedModel } from "../algorithm.ts";
import type { ParameterTable, ParameterValues } from "../parameters.ts";
import type { TableFitContext } from "../table/table-algorithm.ts";
import type { Interactions } from "./interactions.ts";
import type { StoredModelReader } from "./model-file.ts";
import type { Recommender, Scorer } from "./recommender.ts";

/** One algorithm of a blend or under a re-ranker, with its parameters. */
export interface BlendComponent {
  readonly id: string;
  fit(interactions: Interactions, context: TableFitContext): Promise<FittedComponent>;
  decode(file: EncodedModel): Promise<FittedComponent>;
}

export interface FittedComponent {
  open(): Scorer;
  encode(): Iterable<Uint8Array>;
}

export function blendComponent<Parameters extends ParameterTable, Model>(
  recommender: Recommender<Parameters, Model>,
  parameters: Partial<ParameterValues<Parameters>> = {},
): BlendComponent {
  const fitted = (model: Model): FittedComponent => ({
    open: () => recommender.open(model),
    encode: () => recommender.encode(model),
  });
  return {
    id: recommender.id,
    fit: async (interactions, context) => fitted(await recommender.fit(parameters, interactions, context)),
    decode: async (file) => fitted(await recommender.decode(file)),
  };
}

/** All components in turn; `onFitted` is told how many are done. */
export async function fitComponents(
  components: readonly BlendComponent[],
  interactions: Interactions,
  { onFitted, ...context }: Omit<TableFitContext, "onProgress"> & { readonly onFitted: (done: number) => void },
): Promise<FittedComponent[]> {
  const fitted: FittedComponent[] = [];
  for (const component of components) {
    fitted.push(await component.fit(interactions, context));
    onFitted(fitted.length);
  }
  return fitted;
}

/** The components' files, as arrays of a file that holds them. */
export function encodeComponents(components: readonly FittedComponent[]): Readonly<Record<string, Uint8Array>> {
  return Object.fromEntries(
    components.map((component, index) => [`component${index}`, new Uint8Array(Buffer.concat([...component.encode()]))]),
  );
}

/** Throws FormatError where one is missing or none of its algorithm. */
export async function decodeComponents(
  components: readonly BlendComponent[],
  stored: StoredModelReader,
): Promise<FittedComponent[]> {
  return await Promise.all(
    components.map(async (component, index) => {
      const bytes = stored.bytes(`component${index}`);
      return await component.decode({ chunks: [bytes], byteLength: bytes.length });
    }),
  );
}
