/** The clock of the request path, the only one in this room. Tests pass in a virtual one. */
export type Clock = {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `milliseconds`. */
  sleep(milliseconds: number): Promise<void>;
  /** Runs `act` after `milliseconds` unless the returned function is called first. */
  timer(milliseconds: number, act: () => void): () => void;
};

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  timer: (milliseconds, act) => {
    const handle = setTimeout(act, milliseconds);
    return () => clearTimeout(handle);
  },
};
