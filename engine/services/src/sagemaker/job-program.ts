/** What a request may say of the program that its container runs. */
export interface ContainerProgram {
  readonly ContainerEntrypoint?: readonly string[];
  readonly ContainerArguments?: readonly string[];
}

/** What Docker runs: the entry point with the arguments; without an entry point the arguments alone, since script images have none. */
export function containerProgram(container: ContainerProgram | undefined): readonly string[] {
  const { ContainerEntrypoint = [], ContainerArguments = [] } = container ?? {};
  return [...ContainerEntrypoint, ...ContainerArguments];
}
