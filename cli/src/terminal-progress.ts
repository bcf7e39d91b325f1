import { Presets, SingleBar } from "cli-progress";

/** How far a part of something long is. */
export interface PartProgress {
  /** `Train` */
  readonly title: string;
  /** Of the part, 0 to 1; 1 exactly once, when it is done. */
  readonly fraction: number;
  /** What is going on. */
  readonly detail: string;
}

export type OnPartProgress = (progress: PartProgress) => void;

/** Where progress is shown. */
export interface ProgressStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
}

/** Shows progress: a bar for each part on a terminal, a line for each finished part elsewhere. `titleWidth` aligns the bars. */
export function createTerminalProgress(stream: ProgressStream, titleWidth = 0): OnPartProgress & Disposable {
  return stream.isTTY === true ? barProgress(stream, titleWidth) : lineProgress(stream);
}

function lineProgress(stream: ProgressStream): OnPartProgress & Disposable {
  const show: OnPartProgress = ({ title, fraction, detail }) => {
    if (fraction === 1) stream.write(`${title}: ${detail || "done"}\n`);
  };
  return Object.assign(show, { [Symbol.dispose]: () => undefined });
}

function barProgress(stream: ProgressStream, titleWidth: number): OnPartProgress & Disposable {
  let current: { readonly title: string; readonly bar: SingleBar } | undefined;

  function barOf(title: string): SingleBar {
    if (current?.title === title) return current.bar;
    current?.bar.stop();
    const format = `${title.padEnd(titleWidth)} {bar} {percentage} %  {detail}`;
    const bar = new SingleBar({ stream, format, barsize: 24, hideCursor: true }, Presets.rect);
    bar.start(100, 0, { detail: "" });
    current = { title, bar };
    return bar;
  }

  const show: OnPartProgress = ({ title, fraction, detail }) => {
    const bar = barOf(title);
    bar.update(Math.floor(fraction * 100), { detail });
    if (fraction === 1) {
      bar.stop();
      current = undefined;
    }
  };
  return Object.assign(show, { [Symbol.dispose]: () => current?.bar.stop() });
}
