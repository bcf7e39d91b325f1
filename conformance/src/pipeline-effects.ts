import { PutObjectCommand, paginateListObjectsV2 } from "@aws-sdk/client-s3";
import {
  ConditionStep,
  conditionGreaterThanOrEqualTo,
  Estimator,
  ExecutionVariables,
  imageUri,
  join,
  jsonGet,
  Pipeline,
  type PipelineExecution,
  ProcessingStep,
  Processor,
  RegisterModelStep,
  type Session,
  TrainingStep,
} from "@rondo/sdk";
import { labelledText } from "./labelled-text.ts";

export const GROUP = "effects";
export const STEPS = ["Prepare", "Train", "Evaluate", "Check", "Register"] as const;

const role = "arn:aws:iam::000000000000:role/pipeline";

/** Each run of it leaves one more object, so that what was done twice shows. */
const SCRIPT = `
import { randomUUID } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
const output = "/opt/ml/processing/effect";
mkdirSync(output, { recursive: true });
writeFileSync(\`\${output}/\${randomUUID()}.json\`, "{}");
writeFileSync(\`\${output}/evaluation.json\`, JSON.stringify({ accuracy: { value: 0.9 } }));
`;

/** Uploads what the pipeline works on, and creates it. */
export async function prepareEffects(session: Session): Promise<void> {
  const bucket = await session.defaultBucket();
  await session.uploadString(SCRIPT, `s3://${bucket}/effects-code/effect.mjs`);
  await session.s3.send(
    new PutObjectCommand({ Bucket: bucket, Key: "effects-data/all.txt", Body: labelledText(3000, 1) }),
  );
  await (await effectsPipeline(session)).upsert(role);
}

/** Starts the execution of a round, or finds the one that was started. */
export async function startEffects(session: Session, round: number): Promise<PipelineExecution> {
  const pipeline = new Pipeline({ name: "effects", session });
  return pipeline.start({ clientRequestToken: `effects-of-round-${String(round).padStart(16, "0")}` });
}

/** Keys that the runs of a step left. */
export async function effects(session: Session, executionId: string, stepName: string): Promise<string[]> {
  const query = { Bucket: await session.defaultBucket(), Prefix: `effects/${executionId}/${stepName}/` };
  const keys: string[] = [];
  for await (const page of paginateListObjectsV2({ client: session.s3 }, query)) {
    keys.push(...(page.Contents ?? []).map(({ Key = "" }) => Key).filter((key) => !key.endsWith("evaluation.json")));
  }
  return keys;
}

async function effectsPipeline(session: Session): Promise<Pipeline> {
  const bucket = await session.defaultBucket();
  const processor = new Processor({ imageUri: "node:24", command: ["node"], role, session });
  const region = await session.region();
  const processing = async (name: string, dependsOn: readonly TrainingStep[]) =>
    new ProcessingStep({
      name,
      dependsOn,
      arguments: await processor.request({
        code: `s3://${bucket}/effects-code/effect.mjs`,
        outputs: [
          {
            name: "effect",
            source: "/opt/ml/processing/effect",
            destination: join("/", [`s3://${bucket}/effects`, ExecutionVariables.pipelineExecutionId, name]),
          },
        ],
      }),
      propertyFiles: [{ name: "Evaluation", outputName: "effect", path: "evaluation.json" }],
    });
  const prepare = await processing("Prepare", []);
  const estimator = new Estimator({
    imageUri: imageUri("blazingtext", region),
    role,
    session,
    hyperparameters: { mode: "supervised", epochs: 3, vector_dim: 10, buckets: 20_000, min_count: 1 },
    outputPath: `s3://${bucket}/effects-models`,
  });
  const training = await estimator.request({
    train: { s3Uri: `s3://${bucket}/effects-data/`, contentType: "text/plain" },
  });
  const train = new TrainingStep({ name: "Train", dependsOn: [prepare], arguments: training });
  const evaluate = await processing("Evaluate", [train]);
  const register = new RegisterModelStep({
    name: "Register",
    arguments: {
      ModelPackageGroupName: GROUP,
      InferenceSpecification: {
        Containers: [
          { Image: imageUri("blazingtext", region), ModelDataUrl: train.properties.ModelArtifacts.S3ModelArtifacts },
        ],
        SupportedContentTypes: ["application/json"],
        SupportedResponseMIMETypes: ["application/json"],
      },
    },
  });
  const evaluation = { name: "Evaluation", outputName: "effect", path: "evaluation.json" };
  const check = new ConditionStep({
    name: "Check",
    conditions: [conditionGreaterThanOrEqualTo(jsonGet("Evaluate", evaluation, "accuracy.value"), 0.5)],
    ifSteps: [register],
  });
  return new Pipeline({ name: "effects", session, steps: [prepare, train, evaluate, check] });
}
