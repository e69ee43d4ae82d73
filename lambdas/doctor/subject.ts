import type { Credentialed } from '../run/secret.ts';
import type { RightChecked, UnseenRight } from '../wire/rights.ts';
import type { Listening } from './listening.ts';

/** The rights of one integration, checked one by one. */
export type Checks = {
  checked: AsyncIterable<RightChecked>;
  /** True if the rights are declared as a sentence, so that they are checked together by beginning to read. */
  isInOne?: true;
  /** Those that no read-only call can check. */
  unseen: readonly UnseenRight[];
  /** What else is needed, such as the ticket's board. */
  afterwards?: () => Promise<unknown>;
};

/** One use of an integration: counting, delivering, or reading what is billed. */
export type Subject = Credentialed & {
  /** Name in a finding; an integration that is used twice has two names. */
  label: string;
  /** What to do at the vendor to get credentials. */
  create: string;
  /** Its field in report.json. Errors: `ConfigurationError` for credentials there that cannot be read. */
  configuration(): Promise<Record<string, unknown>>;
  /** Reads the settings; nothing is sent before `checked` is read. Errors: `ConfigurationError`. */
  open(given: { secret: unknown; configuration: Record<string, unknown> }, listening: Listening): Promise<Checks>;
};
