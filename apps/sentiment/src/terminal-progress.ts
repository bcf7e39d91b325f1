import { Presets, SingleBar } from "cli-progress";
import type { OnPipelineProgress, PipelineStepName } from "./pipeline/pipeline-progress.ts";

const TITLES: Readonly<Record<PipelineStepName, string>> = {
  preprocess: "Prepare data",
  train: "Train",
  evaluate: "Evaluate",
  register: "Register",
  deploy: "Deploy",
};

const TITLE_WIDTH = Math.max(...Object.values(TITLES).map(({ length }) => length));

/** Where progress is shown. */
export interface ProgressStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
}

/** Shows the pipeline's progress: a bar for each step on a terminal, a line for each finished step elsewhere. */
export function createTerminalProgress(stream: ProgressStream): OnPipelineProgress & Disposable {
  return stream.isTTY === true ? barProgress(stream) : lineProgress(stream);
}

function lineProgress(stream: ProgressStream): OnPipelineProgress & Disposable {
  const show: OnPipelineProgress = ({ step, fraction, detail }) => {
    if (fraction === 1) stream.write(`${TITLES[step]}: ${detail || "done"}\n`);
  };
  return Object.assign(show, { [Symbol.dispose]: () => undefined });
}

function barProgress(stream: ProgressStream): OnPipelineProgress & Disposable {
  let current: { readonly step: PipelineStepName; readonly bar: SingleBar } | undefined;

  function barOf(step: PipelineStepName): SingleBar {
    if (current?.step === step) return current.bar;
    current?.bar.stop();
    const format = `${TITLES[step].padEnd(TITLE_WIDTH)} {bar} {percentage} %  {detail}`;
    const bar = new SingleBar({ stream, format, barsize: 24, hideCursor: true }, Presets.rect);
    bar.start(100, 0, { detail: "" });
    current = { step, bar };
    return bar;
  }

  const show: OnPipelineProgress = ({ step, fraction, detail }) => {
    const bar = barOf(step);
    bar.update(Math.floor(fraction * 100), { detail });
    if (fraction === 1) {
      bar.stop();
      current = undefined;
    }
  };
  return Object.assign(show, { [Symbol.dispose]: () => current?.bar.stop() });
}
