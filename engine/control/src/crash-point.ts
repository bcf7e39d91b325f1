/** Thrown by a crash point in tests: the loop stops where it is, as if the process had been killed, and settles nothing. */
export class SimulatedCrash extends Error {
  constructor(crashPoint: string) {
    super(`Simulated crash at ${crashPoint}`);
    this.name = "SimulatedCrash";
  }
}

/**
 * A crash point that kills this process at the one named, as a power cut would.
 * @param crashPoint `training-job:staged`, or `training-job:staged@2` for the second time that it is passed.
 */
export function killAtCrashPoint(crashPoint: string): (name: string) => void {
  const [wanted, passage = "1"] = crashPoint.split("@");
  let left = Number(passage);
  return (name) => {
    if (name !== wanted) return;
    left -= 1;
    if (left === 0) process.kill(process.pid, "SIGKILL");
  };
}
