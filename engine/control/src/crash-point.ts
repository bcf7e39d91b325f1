/** Thrown by a crash point in tests: the loop stops where it is, as if the process had been killed, and settles nothing. */
export class SimulatedCrash extends Error {
  constructor(crashPoint: string) {
    super(`Simulated crash at ${crashPoint}`);
    this.name = "SimulatedCrash";
  }
}

/** A crash point that kills this process at the one named (RONDO_CRASH_POINT), as a power cut would. */
export function killAtCrashPoint(crashPoint: string): (name: string) => void {
  return (name) => {
    if (name === crashPoint) process.kill(process.pid, "SIGKILL");
  };
}
