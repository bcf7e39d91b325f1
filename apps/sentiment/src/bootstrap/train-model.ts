import { Estimator, imageUri, isAlreadyExisting, isNotFound, type Session, TrainingJob } from "@rondo/sdk";
import type { BootstrapContext } from "./progress.ts";
import { HYPERPARAMETERS, type Recipe } from "./recipe.ts";
import { type UploadedData, uploadData } from "./upload-data.ts";

/** BlazingText's own progress lines: `##### Alpha: 0.0459  Progress: 8.18%  Million Words/sec: 6.03 #####`. */
const PROGRESS_LINE = /Progress:\s*(\d+(?:\.\d+)?)\s*%/;

/** Trains the recipe's model, or takes up the job that is already training or has trained it. */
export async function trainModel(context: BootstrapContext, recipe: Recipe): Promise<TrainingJob> {
  const { onProgress, signal } = context;
  const job = await findOrStartJob(context, recipe);
  let fraction = 0;
  await job.wait({
    signal,
    onProgress: ({ SecondaryStatus: status }) => onProgress({ step: "train", fraction, detail: status ?? "" }),
    logs: ({ message }) => {
      const percent = PROGRESS_LINE.exec(message)?.[1];
      // 1 is for the job's end: after the last epoch the artifact is still to be stored.
      if (percent !== undefined) fraction = Math.min(0.99, Math.max(fraction, Number(percent) / 100));
    },
  });
  onProgress({ step: "train", fraction: 1, detail: `training job ${job.name}` });
  return job;
}

async function findJob(session: Session, name: string): Promise<{ job: TrainingJob; status: string | undefined }> {
  const job = new TrainingJob(name, session);
  try {
    const { TrainingJobStatus: status } = await job.describe();
    return { job, status };
  } catch (error) {
    if (isNotFound(error)) return { job, status: undefined };
    throw error;
  }
}

/** Job names cannot be used twice, so a start after a failed one trains under the next number: one new attempt per start. */
async function findOrStartJob(context: BootstrapContext, recipe: Recipe): Promise<TrainingJob> {
  for (let attempt = 1; ; attempt += 1) {
    const name = attempt === 1 ? recipe.name : `${recipe.name}-${attempt}`;
    const { job, status } = await findJob(context.session, name);
    if (status === "InProgress" || status === "Completed") return job;
    if (status === undefined) {
      await startJob(context, name, await uploadData(context, recipe));
      return job;
    }
  }
}

async function startJob({ session, role, signal }: BootstrapContext, jobName: string, data: UploadedData) {
  const estimator = new Estimator({
    imageUri: imageUri("blazingtext", await session.region()),
    role,
    session,
    hyperparameters: HYPERPARAMETERS,
    instanceType: "ml.c5.xlarge",
    outputPath: `s3://${await session.defaultBucket()}/sentiment/models`,
  });
  try {
    await estimator.fit(
      {
        train: { s3Uri: data.train, contentType: "text/plain" },
        validation: { s3Uri: data.validation, contentType: "text/plain" },
      },
      { jobName, wait: false, signal },
    );
  } catch (error) {
    // Another start of the same account was faster: its job is ours.
    if (!isAlreadyExisting(error)) throw error;
  }
}
