import type {
  AdditionalInferenceSpecificationDefinition,
  CreateModelPackageInput,
  InferenceSpecification,
  ModelPackageContainerDefinition,
} from "@aws-sdk/client-sagemaker";
import { awsError } from "@rondo/wire";

/** Both at creation and after UpdateModelPackage. */
const MAX_ADDITIONAL_SPECIFICATIONS = 15;

/** What of CreateModelPackage the shapes and constraints do not say, and what we lack. Throws ValidationException. */
export function checkModelPackage(input: CreateModelPackageInput): void {
  const { ModelPackageName: name, ModelPackageGroupName: group, InferenceSpecification: specification } = input;
  if (name !== undefined && group !== undefined) {
    throw invalid(
      "Both ModelPackageName and ModelPackageGroupName are provided in the input. Cannot determine which one to use.",
    );
  }
  if (name === undefined && group === undefined) {
    throw invalid("Missing ARN. Either ModelPackageGroupName or ModelPackageName must be given.");
  }
  refuseWhatWeLack(input);
  if (specification === undefined && input.SourceUri === undefined) {
    throw invalid("InferenceSpecification or SourceUri must be given: a model package must say what it contains.");
  }
  if (specification !== undefined && input.SourceUri !== undefined) {
    throw invalid("InferenceSpecification and SourceUri cannot be given together.");
  }
  if (specification !== undefined) checkSpecification(specification, "InferenceSpecification");
  checkAdditional(input.AdditionalInferenceSpecifications ?? []);
  if (name !== undefined) checkUnversioned(input);
  else if (input.Tags !== undefined && input.Tags.length > 0) {
    throw invalid("Tags cannot be given for a model package version; it uses the tags of its model package group.");
  }
}

/** Throws ValidationException unless each container has an image and at most one artifact. */
export function checkSpecification(specification: InferenceSpecification, member: string): void {
  for (const container of specification.Containers ?? []) checkContainer(container, member);
}

/** Throws ValidationException for names that are there twice and for more than 15. */
export function checkAdditional(specifications: readonly AdditionalInferenceSpecificationDefinition[]): void {
  const names = specifications.map(({ Name }) => Name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw invalid(`AdditionalInferenceSpecifications has the name ${twice} more than once.`);
  if (names.length > MAX_ADDITIONAL_SPECIFICATIONS) {
    throw invalid(`A model package has at most ${MAX_ADDITIONAL_SPECIFICATIONS} AdditionalInferenceSpecifications.`);
  }
  for (const specification of specifications) checkSpecification(specification, `${specification.Name}`);
}

function checkUnversioned({ InferenceSpecification: specification, SourceUri }: CreateModelPackageInput): void {
  if (SourceUri !== undefined) throw invalid("SourceUri can be given for model package versions only.");
  const { SupportedRealtimeInferenceInstanceTypes: realtime, SupportedTransformInstanceTypes: transform } =
    specification ?? {};
  if ((realtime ?? []).length === 0 || (transform ?? []).length === 0) {
    throw invalid(
      "SupportedRealtimeInferenceInstanceTypes and SupportedTransformInstanceTypes are required for a model package without a group.",
    );
  }
}

function checkContainer(container: ModelPackageContainerDefinition, member: string): void {
  if (container.Image === undefined) throw invalid(`Each container of ${member} must have an Image.`);
  if (container.ModelDataUrl !== undefined && container.ModelDataSource !== undefined) {
    throw invalid(`A container of ${member} has both ModelDataUrl and ModelDataSource.`);
  }
  if (container.ProductId !== undefined) throw lacking("ProductId (AWS Marketplace)");
  if (container.AdditionalModelDataSources !== undefined) throw lacking("AdditionalModelDataSources");
  if (container.AdditionalS3DataSource !== undefined) throw lacking("AdditionalS3DataSource");
}

function refuseWhatWeLack(input: CreateModelPackageInput): void {
  if (input.CertifyForMarketplace === true) throw lacking("CertifyForMarketplace");
  if (input.SourceAlgorithmSpecification !== undefined) throw lacking("SourceAlgorithmSpecification");
  if (input.ManagedStorageType !== undefined) throw lacking("ManagedStorageType");
  if ((input.ValidationSpecification?.ValidationProfiles ?? []).length > 0) {
    throw lacking("ValidationSpecification (batch transform jobs that test the package)");
  }
}

function invalid(message: string): Error {
  return awsError("ValidationException", message);
}

function lacking(what: string): Error {
  return awsError("ValidationException", `Rondo does not support ${what} yet.`);
}
