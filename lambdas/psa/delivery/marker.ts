/** An act is attempted once, and once more when the first attempt certainly made nothing. */
export type Attempt = 1 | 2;

/**
 * The run's own memory of one act at a PSA, kept by whoever calls this room. An attempt that was begun and left no record may
 * have taken effect.
 */
export type Marker = {
  /** True for the first who begins this attempt, ever. */
  begin(attempt?: Attempt): Promise<boolean>;
  /** The newest attempt and when it began, in milliseconds since the epoch; undefined when there was none. */
  begun(): Promise<{ attempt: Attempt; at: number } | undefined>;
  /** Forgets attempts and record: nothing was made, or what was made is gone. */
  release(): Promise<void>;
  record(value: unknown): Promise<void>;
  /** What was recorded; undefined when nothing was. */
  recorded(): Promise<unknown>;
  /** Where it lies, for whoever has to remove it by hand. */
  place?: string;
};

/**
 * The marker of an act of this run at this PSA: one for each PSA, address and company, so that a ticket made elsewhere is never
 * taken for this one. `of` distinguishes acts of one kind.
 */
export type Markers = (act: 'ticket' | 'attachments', ...of: readonly string[]) => Marker;
