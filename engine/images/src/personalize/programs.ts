import type { PersonalizeProgram } from "./program.ts";

/** Every program of Amazon Personalize's jobs, each loaded when it is run: most of them need a database engine or models of their own. */
export const personalizePrograms = {
  import: async () => (await import("./import-program.ts")).importProgram,
  export: async () => (await import("./export-program.ts")).exportProgram,
  erase: async () => (await import("./erase-program.ts")).eraseProgram,
  batch: async () => (await import("./batch-program.ts")).batchProgram,
  train: async () => (await import("./train-program.ts")).trainProgram,
} as const satisfies Readonly<Record<string, () => Promise<PersonalizeProgram<never>>>>;

export type PersonalizeProgramName = keyof typeof personalizePrograms;

/** What a job's configuration file holds for one of the programs. */
export type PersonalizeConfiguration<Name extends PersonalizeProgramName> =
  Awaited<ReturnType<(typeof personalizePrograms)[Name]>> extends PersonalizeProgram<infer Configuration>
    ? Configuration
    : never;
