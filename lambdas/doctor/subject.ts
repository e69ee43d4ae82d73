import type { Credentialed } from '../run/secret.ts';
import type { RightChecked, UnseenRight } from '../wire/rights.ts';
import type { Listening } from './listening.ts';

/** The rights of one integration, as they are found one by one. */
export type Checks = {
  checked: AsyncIterable<RightChecked>;
  /** True where the reading was begun in one go, because the rights are declared as a sentence. */
  isInOne?: true;
  /** Those that no harmless call shows. */
  unseen: readonly UnseenRight[];
  /** What else must hold once the rights are there, such as that the board of the ticket exists. */
  afterwards?: () => Promise<unknown>;
};

/** One use of an integration: to count, to deliver to, or to read what is billed. */
export type Subject = Credentialed & {
  /** Name in a finding; an integration that is used twice has two. */
  label: string;
  /** What to do at the vendor to get credentials. */
  create: string;
  /** Its member in report.json. Errors: `ConfigurationError` for credentials there that cannot be read. */
  configuration(): Promise<Record<string, unknown>>;
  /** Reads the settings; nothing is sent before `checked` is read. Errors: `ConfigurationError`. */
  open(given: { secret: unknown; configuration: Record<string, unknown> }, listening: Listening): Promise<Checks>;
};
