/** What a model was after each of the last rounds, so that the best one can be returned to. */
export interface RecentStates<State> {
  /** After the last round. */
  readonly latest: State;
  push(state: State): void;
  /** Forgets the last rounds, at most as many as are kept. */
  goBack(rounds: number): void;
}

/** Keeps `start` or the states after the last `kept` + 1 rounds. */
export function createRecentStates<State>(start: State, kept: number): RecentStates<State> {
  const states = [start];
  return {
    get latest() {
      return states.at(-1) ?? start;
    },
    push(state) {
      states.push(state);
      if (states.length > kept + 1) states.shift();
    },
    goBack(rounds) {
      if (rounds > 0) states.length -= Math.min(rounds, states.length - 1);
    },
  };
}
