import type { Channel, CompressionType, S3DataDistribution, S3DataType } from "@aws-sdk/client-sagemaker";
import { type Expressible, Expression, type Value } from "./pipeline/expression.ts";

/** Data of one channel: what SageMaker's `Channel` says, with its defaults. */
export interface TrainingInput {
  /** A prefix, or a manifest with `s3DataType`. */
  readonly s3Uri: Value<string>;
  readonly contentType?: string;
  /** Default `FullyReplicated`. */
  readonly distribution?: S3DataDistribution;
  /** Default `None`. */
  readonly compression?: CompressionType;
  /** Default `S3Prefix`. */
  readonly s3DataType?: S3DataType;
  /** Members of an augmented manifest, in order. */
  readonly attributeNames?: readonly string[];
}

/** Channel name → its data; a bare string is the S3 URI of a prefix. */
export type TrainingInputs = Readonly<Record<string, Value<string> | TrainingInput>>;

/** The request's form of the channels. */
export function toChannels(inputs: TrainingInputs): Expressible<Channel>[] {
  return Object.entries(inputs).map(([name, given]) => {
    const input: TrainingInput = typeof given === "string" || given instanceof Expression ? { s3Uri: given } : given;
    return {
      ChannelName: name,
      DataSource: {
        S3DataSource: {
          S3Uri: input.s3Uri,
          S3DataType: input.s3DataType ?? "S3Prefix",
          S3DataDistributionType: input.distribution ?? "FullyReplicated",
          ...(input.attributeNames !== undefined && { AttributeNames: [...input.attributeNames] }),
        },
      },
      ...(input.contentType !== undefined && { ContentType: input.contentType }),
      ...(input.compression !== undefined && { CompressionType: input.compression }),
    };
  });
}
