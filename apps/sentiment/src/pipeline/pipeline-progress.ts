import type { PipelineExecutionStep } from "@aws-sdk/client-sagemaker";
import { type Session, TrainingJob } from "@rondo/sdk";
import { STEP_NAMES } from "../../infrastructure/sagemaker/pipeline_definition.ts";

/** The parts of an execution that people are shown, in order. */
export const PIPELINE_STEPS = ["preprocess", "train", "evaluate", "register", "deploy"] as const;

export type PipelineStepName = (typeof PIPELINE_STEPS)[number];

export interface PipelineStepProgress {
  readonly step: PipelineStepName;
  /** Of the step, 0 to 1; 1 exactly once, when the step is done. */
  readonly fraction: number;
  /** What is going on, for people. */
  readonly detail: string;
}

export type OnPipelineProgress = (progress: PipelineStepProgress) => void;

const STEP_OF: Readonly<Record<string, PipelineStepName>> = {
  [STEP_NAMES.preprocess]: "preprocess",
  [STEP_NAMES.train]: "train",
  [STEP_NAMES.evaluate]: "evaluate",
  [STEP_NAMES.register]: "register",
  [STEP_NAMES.registerPending]: "register",
  [STEP_NAMES.deploy]: "deploy",
};

/** BlazingText's own progress lines: `##### Alpha: 0.0459  Progress: 8.18%  Million Words/sec: 6.03 #####`. */
const PROGRESS_LINE = /Progress:\s*(\d+(?:\.\d+)?)\s*%/;

/** 1 is for the step's end: after the last epoch the artifact is still to be stored. */
const MOST_BEFORE_END = 0.99;

/** Turns what the execution's steps say into progress, and reads the training job's log for how far it is. */
export function createPipelineProgress(session: Session, onProgress: OnPipelineProgress, signal?: AbortSignal) {
  const done = new Set<PipelineStepName>();
  let training: { readonly name: string; fraction: number } | undefined;

  function followTraining(arn: string): void {
    const name = arn.split("/").at(-1) ?? arn;
    if (training?.name === name) return;
    const followed = { name, fraction: 0 };
    training = followed;
    const job = new TrainingJob(name, session);
    const logs = ({ message }: { readonly message: string }) => {
      const percent = PROGRESS_LINE.exec(message)?.[1];
      if (percent !== undefined)
        followed.fraction = Math.min(MOST_BEFORE_END, Math.max(followed.fraction, Number(percent) / 100));
    };
    // Why a job failed, the execution itself says; here it is only looked at.
    job.wait({ signal, logs, pollMs: 500 }).catch(() => undefined);
  }

  return {
    /** Called with the steps at each look. */
    look(steps: readonly PipelineExecutionStep[]): void {
      for (const { StepName: name = "", StepStatus: status, Metadata: metadata } of steps) {
        const step = STEP_OF[name];
        if (step === undefined || done.has(step)) continue;
        if (metadata?.TrainingJob?.Arn !== undefined) followTraining(metadata.TrainingJob.Arn);
        if (status === "Succeeded") {
          done.add(step);
          onProgress({ step, fraction: 1, detail: "" });
        } else if (status === "Starting" || status === "Executing") {
          onProgress({ step, fraction: step === "train" ? (training?.fraction ?? 0) : 0, detail: "" });
        }
      }
    },
  };
}
