import type { ResourceKind } from "@rondo/control";
import {
  createAlarmKind,
  createDatasetKinds,
  createEndpointKind,
  createModelKinds,
  createPipelineExecutionKind,
  createProcessingJobKind,
  createSageMakerService,
  createScriptProcessingImages,
  createTableKind,
  createTrainingImages,
  createTrainingJobKind,
} from "@rondo/services";
import type { Home } from "./home.ts";
import { createJobEnvironment } from "./job-environment.ts";
import type { Ports } from "./ports.ts";

export interface KindDependencies {
  readonly ports: Ports;
  readonly home: Home;
  /** The interpreter for scripts in Python. */
  readonly python: string;
  /** Where jobs reach this server; known once it listens. */
  readonly url: () => string;
  /** Aborted when the server stops. */
  readonly signal: AbortSignal;
}

export interface Kinds {
  /** A step may take minutes: inputs are staged, outputs packed. */
  readonly working: ResourceKind<object>[];
  /** These have to look in time, however much work there is: an alarm rolls an endpoint back within 30 s. They get a loop of their own. */
  readonly watching: ResourceKind<object>[];
}

/** Every kind of resource that changes by itself. */
export function createKinds({ ports, home, python, url, signal }: KindDependencies): Kinds {
  const jobEnvironment = createJobEnvironment({ accessKeys: ports.accessKeys, url });
  const jobs = { ...ports, directory: home.jobs, jobEnvironment, signal };
  const scripts = { environments: home.environments, python, environment: process.env };
  const working = [
    createTrainingJobKind({ ...jobs, images: createTrainingImages(scripts) }) as ResourceKind<object>,
    createProcessingJobKind({ ...jobs, images: createScriptProcessingImages(scripts) }) as ResourceKind<object>,
    createPipelineExecutionKind({
      ...ports,
      sageMaker: createSageMakerService(ports),
      signal,
    }) as ResourceKind<object>,
    createTableKind(ports) as ResourceKind<object>,
    ...createDatasetKinds(jobs),
    ...createModelKinds(jobs),
  ];
  const watching = [createEndpointKind(ports) as ResourceKind<object>, createAlarmKind(ports) as ResourceKind<object>];
  return { working, watching };
}
