/** The scheduled runs of an installation. A run's name is its id. */
export type Runs = {
  /** Starts a run; false if one with that name was started before, which is then the same run. */
  start(name: string, input: Record<string, unknown>): Promise<boolean>;
  /**
   * Start of the newest successful run whose name `counts`, milliseconds since the epoch; undefined if there is none.
   */
  lastSuccess(counts: (name: string) => boolean): Promise<number | undefined>;
  /** Since when runs can be started here, milliseconds since the epoch. */
  since(): Promise<number>;
};
