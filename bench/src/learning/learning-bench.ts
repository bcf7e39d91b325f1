/** What one program reached on one data set with one setting. */
export interface Measurement {
  /** `adult`: data set and split as docs/performance.md describes them. */
  readonly data: string;
  /** `rondo`, or the peer with its version: `xgboost 3.2.0`. */
  readonly program: string;
  /** What distinguishes this line from others of the same program: `depth 6, 100 trees, 2 threads`. */
  readonly setting: string;
  /** Name to value; with the ends of its 95 % interval where it comes from a sample. */
  readonly figures: Readonly<Record<string, Figure>>;
}

export interface Figure {
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
  /** Of speed: our median divided by this peer's, of the same run. */
  readonly ratio?: number;
  /** What is to be reached, and whether it was. */
  readonly goal?: { readonly text: string; readonly reached: boolean };
}

export interface LearningBenchContext {
  /** The folder of unpacked data sets. Throws from `data` name the missing folder, so that the bench is left out. */
  readonly data: string;
  /** The Python of the virtual environment with the peers. */
  readonly python: string;
  readonly threads: number;
  log(line: string): void;
}

/** A comparison on one family of algorithms: ours and the peers in turn, in the same run. */
export interface LearningBench {
  /** `boosting` */
  readonly name: string;
  readonly kind: "quality" | "speed";
  /** pip's requirement lines of the peers: `xgboost==3.2.0`. */
  readonly peers: readonly string[];
  run(context: LearningBenchContext): AsyncIterable<Measurement>;
}
