import type { PipelineExecutionStep } from "@aws-sdk/client-sagemaker";
import type { Session } from "@rondo/sdk";
import { STEP_NAMES } from "../../infrastructure/sagemaker/pipeline_definition.ts";
import { trainingJobOf } from "./job-of-step.ts";

/** The parts of an execution that people are shown, in order. */
export const PIPELINE_STEPS = ["preprocess", "train", "evaluate", "register", "deploy"] as const;

export type PipelineStepName = (typeof PIPELINE_STEPS)[number];

/** What people call the parts. */
export const PIPELINE_STEP_TITLES: Readonly<Record<PipelineStepName, string>> = {
  preprocess: "Prepare data",
  train: "Train",
  evaluate: "Evaluate",
  register: "Register",
  deploy: "Deploy",
};

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

function duration(start: Date | undefined, end: Date | undefined): string {
  if (start === undefined || end === undefined) return "";
  return `${((end.getTime() - start.getTime()) / 1000).toFixed(1)} s`;
}

/** Turns what the execution's steps say into progress, and reads the training job's log for how far it is. */
export function createPipelineProgress(session: Session, onProgress: OnPipelineProgress, signal?: AbortSignal) {
  const done = new Set<PipelineStepName>();
  let trainedFraction = 0;
  let isTrainingFollowed = false;

  async function followTraining(step: PipelineExecutionStep): Promise<void> {
    const job = await trainingJobOf(session, step);
    const logs = ({ message }: { readonly message: string }) => {
      const percent = PROGRESS_LINE.exec(message)?.[1];
      if (percent !== undefined)
        trainedFraction = Math.min(MOST_BEFORE_END, Math.max(trainedFraction, Number(percent) / 100));
    };
    await job?.wait({ signal, logs, pollMs: 500 });
  }

  return {
    /** Called with the steps at each look. */
    look(steps: readonly PipelineExecutionStep[]): void {
      for (const running of steps) {
        const { StepName: name = "", StepStatus: status, Metadata: metadata, StartTime, EndTime } = running;
        const step = STEP_OF[name];
        if (step === undefined || done.has(step)) continue;
        if (metadata?.TrainingJob !== undefined && !isTrainingFollowed) {
          isTrainingFollowed = true;
          // Why a job failed, the execution itself says; here it is only looked at.
          followTraining(running).catch(() => undefined);
        }
        if (status === "Succeeded") {
          done.add(step);
          onProgress({ step, fraction: 1, detail: duration(StartTime, EndTime) });
        } else if (status === "Starting" || status === "Executing") {
          onProgress({ step, fraction: step === "train" ? trainedFraction : 0, detail: "" });
        }
      }
    },
  };
}
