import { Expression } from "./expression.ts";

type ParameterType = "String" | "Integer" | "Float" | "Boolean";

export interface ParameterOptions<Plain> {
  readonly name: string;
  /** Without one each execution has to give a value. */
  readonly defaultValue?: Plain;
}

/** A parameter of a pipeline: each execution may give it another value. It stands in arguments as `{ "Get": "Parameters.<name>" }`. */
export class PipelineParameter<Plain extends string | number | boolean> extends Expression {
  readonly name: string;
  readonly type: ParameterType;
  readonly defaultValue: Plain | undefined;
  readonly enumValues: readonly Plain[] | undefined;

  constructor(type: ParameterType, { name, defaultValue, enumValues }: StringParameterOptions<Plain>) {
    super({ Get: `Parameters.${name}` });
    this.name = name;
    this.type = type;
    this.defaultValue = defaultValue;
    this.enumValues = enumValues;
  }

  /** Its line in the definition's `Parameters`. */
  definition(): object {
    return {
      Name: this.name,
      Type: this.type,
      ...(this.defaultValue !== undefined && { DefaultValue: this.defaultValue }),
      ...(this.enumValues !== undefined && { EnumValues: this.enumValues }),
    };
  }
}

interface StringParameterOptions<Plain> extends ParameterOptions<Plain> {
  /** The only values that an execution may give. */
  readonly enumValues?: readonly Plain[];
}

export class ParameterString extends PipelineParameter<string> {
  constructor(options: StringParameterOptions<string>) {
    super("String", options);
  }
}

export class ParameterInteger extends PipelineParameter<number> {
  constructor(options: ParameterOptions<number>) {
    super("Integer", options);
  }
}

export class ParameterFloat extends PipelineParameter<number> {
  constructor(options: ParameterOptions<number>) {
    super("Float", options);
  }
}

export class ParameterBoolean extends PipelineParameter<boolean> {
  constructor(options: ParameterOptions<boolean>) {
    super("Boolean", options);
  }
}
