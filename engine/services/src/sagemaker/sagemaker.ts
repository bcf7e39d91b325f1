import { createRequire } from "node:module";
import type { SdkModule, ServiceDefinition } from "@rondo/wire";
import { createEndpointOperations, endpointConstraints } from "./endpoint.ts";
import {
  createEndpointConfigOperations,
  endpointConfigConstraints,
  endpointConfigNotHonoured,
} from "./endpoint-config.ts";
import { createEndpointUpdateOperations, endpointNotHonoured, endpointUpdateConstraints } from "./endpoint-update.ts";
import { createModelOperations, modelConstraints, modelNotHonoured } from "./model.ts";
import { createModelPackageOperations } from "./model-package.ts";
import { modelPackageConstraints, modelPackageNotHonoured } from "./model-package-constraints.ts";
import { createModelPackageGroupOperations } from "./model-package-group.ts";
import { createModelPackageGroupPolicyOperations } from "./model-package-group-policy.ts";
import { createModelPackageListOperations } from "./model-package-list.ts";
import { createModelPackageUpdateOperations } from "./model-package-update.ts";
import type { PipelineDependencies } from "./pipeline/pipeline.ts";
import { pipelineConstraints, pipelineNotHonoured } from "./pipeline/pipeline-constraints.ts";
import { listPipelineOperations } from "./pipeline/pipeline-operations.ts";
import { createProcessingJobOperations } from "./processing-job.ts";
import { processingJobConstraints, processingJobNotHonoured } from "./processing-job-constraints.ts";
import { createSearchOperations, searchConstraints, searchNotHonoured } from "./search.ts";
import { createTagOperations, tagConstraints } from "./tags.ts";
import { createTrainingJobOperations, type TrainingJobDependencies } from "./training-job.ts";
import { trainingJobConstraints, trainingJobNotHonoured } from "./training-job-constraints.ts";

const require = createRequire(import.meta.url);

/** What SageMaker's operations need of the house. */
export type SageMakerDependencies = TrainingJobDependencies & PipelineDependencies;

/** SageMaker's control plane: every operation of it that Rondo answers. */
export function createSageMakerService(dependencies: SageMakerDependencies): ServiceDefinition {
  const tags = createTagOperations(dependencies);
  const models = createModelOperations(dependencies);
  const packageGroups = createModelPackageGroupOperations(dependencies);
  const packageGroupPolicies = createModelPackageGroupPolicyOperations(dependencies);
  const packages = createModelPackageOperations(dependencies);
  const packageUpdates = createModelPackageUpdateOperations(dependencies);
  const packageLists = createModelPackageListOperations(dependencies);
  const endpointConfigs = createEndpointConfigOperations(dependencies);
  const endpoints = createEndpointOperations(dependencies);
  const endpointUpdates = createEndpointUpdateOperations(dependencies);
  const searches = createSearchOperations(dependencies);
  const service: ServiceDefinition = {
    id: "sagemaker",
    signingName: "sagemaker",
    targetPrefix: "SageMaker",
    protocols: ["aws-json"],
    load: () => require("@aws-sdk/client-sagemaker") as SdkModule,
    client: "SageMakerClient",
    operations: {
      AddTags: tags.addTags,
      DeleteTags: tags.deleteTags,
      ListTags: tags.listTags,
      Search: searches.search,
      ...jobOperations(dependencies),
      CreateModel: models.createModel,
      DescribeModel: models.describeModel,
      ListModels: models.listModels,
      DeleteModel: models.deleteModel,
      CreateModelPackageGroup: packageGroups.createModelPackageGroup,
      DescribeModelPackageGroup: packageGroups.describeModelPackageGroup,
      ListModelPackageGroups: packageGroups.listModelPackageGroups,
      DeleteModelPackageGroup: packageGroups.deleteModelPackageGroup,
      PutModelPackageGroupPolicy: packageGroupPolicies.putModelPackageGroupPolicy,
      GetModelPackageGroupPolicy: packageGroupPolicies.getModelPackageGroupPolicy,
      DeleteModelPackageGroupPolicy: packageGroupPolicies.deleteModelPackageGroupPolicy,
      CreateModelPackage: packages.createModelPackage,
      DescribeModelPackage: packages.describeModelPackage,
      DeleteModelPackage: packages.deleteModelPackage,
      UpdateModelPackage: packageUpdates.updateModelPackage,
      ListModelPackages: packageLists.listModelPackages,
      BatchDescribeModelPackage: packageLists.batchDescribeModelPackage,
      CreateEndpointConfig: endpointConfigs.createEndpointConfig,
      DescribeEndpointConfig: endpointConfigs.describeEndpointConfig,
      ListEndpointConfigs: endpointConfigs.listEndpointConfigs,
      DeleteEndpointConfig: endpointConfigs.deleteEndpointConfig,
      CreateEndpoint: endpoints.createEndpoint,
      DescribeEndpoint: endpoints.describeEndpoint,
      ListEndpoints: endpoints.listEndpoints,
      DeleteEndpoint: endpoints.deleteEndpoint,
      UpdateEndpoint: endpointUpdates.updateEndpoint,
      UpdateEndpointWeightsAndCapacities: endpointUpdates.updateEndpointWeightsAndCapacities,
      ...listPipelineOperations({ ...dependencies, sageMaker: () => service }),
    },
    constraints: {
      ...pipelineConstraints,
      ...tagConstraints,
      ...searchConstraints,
      ...trainingJobConstraints,
      ...processingJobConstraints,
      ...modelConstraints,
      ...modelPackageConstraints,
      ...endpointConfigConstraints,
      ...endpointConstraints,
      ...endpointUpdateConstraints,
    },
    notHonoured: {
      ...pipelineNotHonoured,
      ...trainingJobNotHonoured,
      ...processingJobNotHonoured,
      ...modelNotHonoured,
      ...modelPackageNotHonoured,
      ...searchNotHonoured,
      ...endpointConfigNotHonoured,
      ...endpointNotHonoured,
    },
  };
  return service;
}

/** Work that ends by itself. */
function jobOperations(dependencies: SageMakerDependencies) {
  const trainingJobs = createTrainingJobOperations(dependencies);
  const processingJobs = createProcessingJobOperations(dependencies);
  return {
    CreateTrainingJob: trainingJobs.createTrainingJob,
    DescribeTrainingJob: trainingJobs.describeTrainingJob,
    ListTrainingJobs: trainingJobs.listTrainingJobs,
    StopTrainingJob: trainingJobs.stopTrainingJob,
    DeleteTrainingJob: trainingJobs.deleteTrainingJob,
    CreateProcessingJob: processingJobs.createProcessingJob,
    DescribeProcessingJob: processingJobs.describeProcessingJob,
    ListProcessingJobs: processingJobs.listProcessingJobs,
    StopProcessingJob: processingJobs.stopProcessingJob,
    DeleteProcessingJob: processingJobs.deleteProcessingJob,
  };
}
