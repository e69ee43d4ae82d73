/**
 * The run's own memory of one act at a PSA, kept by whoever calls this room. `begin` is true for the first who asks, ever;
 * whoever comes later must reckon with an attempt whose end nobody saw.
 */
export type Marker = {
  begin(): Promise<boolean>;
  /** Undoes `begin`: the act certainly did not happen. */
  release(): Promise<void>;
  record(value: unknown): Promise<void>;
  /** What was recorded; undefined when nothing was. */
  recorded(): Promise<unknown>;
  /** Where it lies, for whoever has to remove it by hand. */
  place?: string;
};
