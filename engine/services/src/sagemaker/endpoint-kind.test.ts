import path from "node:path";
import type { DeploymentConfig } from "@aws-sdk/client-sagemaker";
import { testReconcile } from "@rondo/control/testing";
import { createInProcessHosting, type Deployment, ModelCache, Serving } from "@rondo/serve";
import {
  COUNTING_IMAGE_URI,
  countingModel,
  findCountingImage,
  memoryObjects,
  temporaryDirectory,
} from "@rondo/serve/testing";
import { createLogs, createMetrics, type Owner, type Resource, type Resources, type Sql } from "@rondo/store";
import type { EndpointBody } from "./endpoint-body.ts";
import { createEndpointKind } from "./endpoint-kind.ts";
import { restoreEndpoints } from "./restore-endpoints.ts";

const endpoint = { accountId: "111122223333", region: "eu-west-1", name: "sentiment" };
const { signal } = new AbortController();

function deploymentOf(answer: string): Deployment {
  const containers = [{ image: COUNTING_IMAGE_URI, modelDataUrl: `s3://models/${answer}`, environment: {} }];
  const variants = [{ name: "AllTraffic", modelName: answer, weight: 1, instanceCount: 1, containers }];
  return { id: `deployment-${answer}`, endpointConfigName: answer, variants };
}

interface Dependencies {
  readonly sql: Sql;
  readonly resources: Resources;
  readonly clock: { now(): Date };
}

const ALARM = "errors";
/** After the start of the manual clock: while the canary bakes. */
const RINGS_AFTER_MS = 5_000;

const canary: DeploymentConfig = {
  BlueGreenUpdatePolicy: {
    TrafficRoutingConfiguration: {
      Type: "CANARY",
      CanarySize: { Type: "CAPACITY_PERCENT", Value: 10 },
      WaitIntervalInSeconds: 20,
    },
    TerminationWaitInSeconds: 10,
  },
};

const withAlarm: DeploymentConfig = { ...canary, AutoRollbackConfiguration: { Alarms: [{ AlarmName: ALARM }] } };

/** The resource table with an alarm that rings some time after now. */
function withRingingAlarm({ resources, clock }: Dependencies): Pick<Resources, "find" | "delete"> {
  const ringsAt = clock.now().getTime() + RINGS_AFTER_MS;
  return {
    delete: resources.delete,
    async find<Body extends object>(owner: Owner, type: string, name: string) {
      if (type !== "cloudwatch/alarm") return await resources.find<Body>(owner, type, name);
      const [endpointRow] = (await resources.list<Body>({ ...owner, type: "sagemaker/endpoint", limit: 1 })).resources;
      if (endpointRow === undefined || name !== ALARM) return undefined;
      return { ...endpointRow, type, name, status: clock.now().getTime() >= ringsAt ? "ALARM" : "OK" };
    },
  };
}

/** An endpoint in the middle of a change, in a world whose observation is what it answers. */
async function createWorld(dependencies: Dependencies, status: string, body: EndpointBody) {
  const { sql, resources, clock } = dependencies;
  const home = await temporaryDirectory();
  const names = ["one", "two", "unloadable"];
  const files = new Map(
    await Promise.all(names.map(async (name) => [`s3://models/${name}`, await countingModel(name)] as const)),
  );
  const open = () =>
    new Serving({
      resources,
      cache: new ModelCache({ directory: path.join(home.path, "models"), objects: memoryObjects(files), clock }),
      hostings: [createInProcessHosting(findCountingImage)],
      logs: createLogs({ sql, clock }),
      metrics: createMetrics({ sql, clock }),
      clock,
      onError(error) {
        throw error;
      },
    });
  let serving = open();
  if (body.deployed !== undefined) await serving.deploy(endpoint, body.deployed, signal);
  const kind = createEndpointKind({
    sql,
    resources: withRingingAlarm(dependencies),
    clock,
    serving: {
      deploy: (...of) => serving.deploy(...of),
      split: (...of) => serving.split(...of),
      remove: (...of) => serving.remove(...of),
    },
  });
  const arn = `arn:aws:sagemaker:${endpoint.region}:${endpoint.accountId}:endpoint/${endpoint.name}`;
  return {
    kind,
    resource: { ...endpoint, type: kind.type, arn, status, body, due: "now" as const },
    async observe() {
      const request = { body: Buffer.from("x"), contentType: "text/plain", accept: "*/*" };
      try {
        const { response } = await serving.invoke(endpoint, endpoint.name, { request, receivedAt: serving.now() });
        return response.body;
      } catch (error) {
        return String(error);
      }
    },
    async restart() {
      await serving.close();
      serving = open();
      await restoreEndpoints({ sql, resources, serving }, signal);
    },
    async close() {
      await serving.close();
      await home[Symbol.asyncDispose]();
    },
  };
}

function outcome(row: Resource | undefined): unknown {
  if (row === undefined) return undefined;
  const { deployed, target, targetShare, rollout, failureReason } = row.body as EndpointBody;
  return [row.status, deployed?.endpointConfigName, target, targetShare, rollout, failureReason];
}

const changes: readonly { name: string; status: string; body: EndpointBody; crashPoints: readonly string[] }[] = [
  {
    name: "an endpoint that is created",
    status: "Creating",
    body: { target: deploymentOf("one") },
    crashPoints: ["endpoint-deployed"],
  },
  {
    name: "an endpoint whose model cannot be loaded",
    status: "Creating",
    body: { target: deploymentOf("unloadable") },
    crashPoints: [],
  },
  {
    name: "an endpoint that is updated",
    status: "Updating",
    body: { deployed: deploymentOf("one"), target: deploymentOf("two") },
    crashPoints: ["endpoint-deployed"],
  },
  {
    name: "an endpoint whose update is rolled back",
    status: "Updating",
    body: { deployed: deploymentOf("one"), target: deploymentOf("unloadable") },
    crashPoints: ["endpoint-rolling-back"],
  },
  {
    name: "an endpoint that is updated in two steps",
    status: "Updating",
    body: { deployed: deploymentOf("one"), target: deploymentOf("two"), lastDeploymentConfig: canary },
    crashPoints: ["endpoint-fleet-loaded", "endpoint-traffic-shifted", "endpoint-deployed"],
  },
  {
    name: "an endpoint whose canary rings an alarm",
    status: "Updating",
    body: { deployed: deploymentOf("one"), target: deploymentOf("two"), lastDeploymentConfig: withAlarm },
    crashPoints: ["endpoint-fleet-loaded", "endpoint-traffic-shifted", "endpoint-rolling-back"],
  },
  {
    name: "an endpoint whose canary cannot be loaded",
    status: "Updating",
    body: { deployed: deploymentOf("one"), target: deploymentOf("unloadable"), lastDeploymentConfig: canary },
    crashPoints: ["endpoint-rolling-back"],
  },
  {
    name: "an endpoint that is deleted in the middle of a canary",
    status: "Deleting",
    body: {
      deployed: deploymentOf("one"),
      target: deploymentOf("two"),
      targetShare: 0.1,
      rollout: { stage: 0, status: "Baking", since: "2026-01-01T00:00:00.000Z" },
    },
    crashPoints: ["endpoint-removed"],
  },
  {
    name: "an endpoint that is deleted",
    status: "Deleting",
    body: { deployed: deploymentOf("one") },
    crashPoints: ["endpoint-removed"],
  },
];

for (const { name, status, body, crashPoints } of changes) {
  testReconcile({ name, crashPoints, outcome, createWorld: (world) => createWorld(world, status, body) });
}
