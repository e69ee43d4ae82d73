/** An action is attempted once, and once more if the first attempt certainly made nothing. */
export type Attempt = 1 | 2;

/**
 * The run's own record of one action at a PSA, kept by the caller. An attempt that was begun and left no record may
 * have taken effect.
 */
export type Marker = {
  /** True only for the first call ever for this attempt. */
  begin(attempt?: Attempt): Promise<boolean>;
  /** The newest attempt and when it began, in milliseconds since the epoch; undefined when there was none. */
  begun(): Promise<{ attempt: Attempt; at: number } | undefined>;
  /** Forgets attempts and record: nothing was made, or what was made is gone. */
  release(): Promise<void>;
  record(value: unknown): Promise<void>;
  /** What was recorded; undefined if nothing was. */
  recorded(): Promise<unknown>;
  /** Its location, for removing it by hand. */
  place?: string;
};

/**
 * The marker of one action of this run at this PSA: one for each PSA, address and company, so that a ticket made
 * elsewhere is never taken for this one. `of` distinguishes actions of one kind.
 */
export type Markers = (act: 'ticket' | 'attachments', ...of: readonly string[]) => Marker;
