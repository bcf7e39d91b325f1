import type { Owner } from "@rondo/store";

/** The resource types of SageMaker as they stand in its ARNs. In the resource table the same word follows `sagemaker/`. */
export type SageMakerResourceType =
  | "training-job"
  | "processing-job"
  | "model"
  | "endpoint-config"
  | "endpoint"
  | "model-package-group"
  | "model-package"
  | "pipeline";

/** `arn:aws:sagemaker:<region>:<account>:<type>/<name>`. AWS lower-cases the name in its ARNs, and nowhere else. */
export function sageMakerArn(owner: Owner, type: SageMakerResourceType, name: string): string {
  return `arn:aws:sagemaker:${owner.region}:${owner.accountId}:${type}/${name.toLowerCase()}`;
}
