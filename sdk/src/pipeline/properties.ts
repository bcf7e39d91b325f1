import { Expression } from "./expression.ts";

/**
 * What a step's resource will say of itself, member by member, in the shape of its Describe operation; each part is an expression.
 * `train.properties.ModelArtifacts.S3ModelArtifacts`, `prepare.properties.ProcessingOutputConfig.Outputs.at("train").S3Output.S3Uri`.
 */
export type Properties<Description> = Expression & PropertiesOf<NonNullable<Description>>;

type PropertiesOf<Description> = Description extends string | number | boolean | Date
  ? unknown
  : Description extends readonly (infer Element)[]
    ? { at(indexOrName: number | string): Properties<Element> }
    : string extends keyof Description
      ? { at(key: string): Properties<Description[keyof Description]> }
      : { readonly [Member in keyof Description]-?: Properties<Description[Member]> };

/** The properties that begin at `path`: `Steps.Train`. */
export function propertiesOf<Description>(path: string): Properties<Description> {
  const expression = new Expression({ Get: path });
  const members: ProxyHandler<Expression> = {
    get(_, member) {
      if (member === "toJSON") return () => expression.toJSON();
      if (member === "at") {
        return (key: number | string) => propertiesOf(`${path}[${typeof key === "number" ? key : `'${key}'`}]`);
      }
      // Promises ask every value for `then`, consoles for symbols.
      if (typeof member === "symbol" || member === "then") return undefined;
      return propertiesOf(`${path}.${member}`);
    },
  };
  return new Proxy(expression, members) as Properties<Description>;
}
