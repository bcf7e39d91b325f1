/** A JSON file that a processing step writes into one of its outputs, for conditions and later steps to read with `jsonGet`. */
export interface PropertyFile {
  readonly name: string;
  readonly outputName: string;
  /** Below the output's folder: `evaluation.json`. */
  readonly path: string;
}
