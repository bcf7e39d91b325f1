/** A clock that moves when the test says so. */
export function createManualClock(start: Date = new Date("2026-01-01T00:00:00Z")) {
  let now = start.getTime();
  return {
    now: () => new Date(now),
    advance(milliseconds: number): void {
      now += milliseconds;
    },
  };
}

export type ManualClock = ReturnType<typeof createManualClock>;
