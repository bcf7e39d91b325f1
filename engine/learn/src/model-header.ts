import { FormatError } from "./algorithm.ts";

/** Settings out of the header of a model file: what is not there, or not such, is refused with a FormatError. */
export interface ModelHeader {
  integer(name: string, minimum: number, maximum?: number): number;
  number(name: string): number;
  boolean(name: string): boolean;
  text<Value extends string>(name: string, values: readonly Value[]): Value;
}

export function readModelHeader(header: Readonly<Record<string, unknown>>): ModelHeader {
  const expect = (name: string, fits: (value: unknown) => boolean): unknown => {
    const value = Object.hasOwn(header, name) ? header[name] : undefined;
    if (fits(value)) return value;
    throw new FormatError(`The model's setting ${name} has the value ${JSON.stringify(value)}.`);
  };
  return {
    integer(name, minimum, maximum = Number.MAX_SAFE_INTEGER) {
      const isWithin = (value: unknown): boolean =>
        Number.isSafeInteger(value) && Number(value) >= minimum && Number(value) <= maximum;
      return expect(name, isWithin) as number;
    },
    number: (name) => expect(name, Number.isFinite) as number,
    boolean: (name) => expect(name, (value) => typeof value === "boolean") as boolean,
    text: <Value extends string>(name: string, values: readonly Value[]) =>
      expect(name, (value) => values.includes(value as Value)) as Value,
  };
}
