import { availableParallelism } from "node:os";

/** How many threads a program may use: OMP_NUM_THREADS, or as many as the machine has. */
export function threadsOf(variables: Readonly<Record<string, string | undefined>>): number {
  return Number(variables["OMP_NUM_THREADS"]) || availableParallelism();
}
