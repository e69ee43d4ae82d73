/** The scheduled runs of an installation, as whoever looks after it sees them. A run's name is its id. */
export type Runs = {
  /** Starts a run; false when one of that name was started before, which then is the same run. */
  start(name: string, input: Record<string, unknown>): Promise<boolean>;
  /** When the newest run began that succeeded and whose name `counts`; undefined when there is none. Milliseconds since the epoch. */
  lastSuccess(counts: (name: string) => boolean): Promise<number | undefined>;
  /** Since when runs can be started here, milliseconds since the epoch. */
  since(): Promise<number>;
};
