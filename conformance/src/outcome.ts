const counts = { passed: 0, failed: 0 };

/** Runs one named step and prints how it went; a failing step does not end the program. */
export async function step(name: string, work: () => Promise<void>): Promise<void> {
  const start = performance.now();
  try {
    await work();
    counts.passed += 1;
    console.log(`ok ${name} (${((performance.now() - start) / 1000).toFixed(2)} s)`);
  } catch (error) {
    counts.failed += 1;
    console.log(`FAILED ${name}`);
    console.error(error);
  }
}

/** Prints `N passed, N failed` and sets the exit code. */
export function finish(): void {
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  process.exitCode = counts.failed > 0 ? 1 : 0;
}
