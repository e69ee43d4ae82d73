import type { ErrorName, Failure } from './errors.ts';
import { quantity } from './quantity.ts';
import type { CustomerFailure } from './report.ts';
import { onOneLine, shortened } from './text.ts';

/*
 * Failures for readers of mail, ticket, terminal and to-do list: what happened, without call, status code and answer.
 * Log and workbook have the whole error.
 */

/** A vendor as a whole: "Duo did not answer". A cause that our own code found is included. */
export function vendorFailure(name: string, { error, message }: Failure): string {
  const cause = causeIn(message);
  const sentence = PLAIN[error](name);
  return cause === undefined ? sentence : `${sentence}: ${cause}`;
}

/**
 * These follow from the kind of error alone, so they also fit an error from a Lambda, of which only name and message
 * arrive.
 */
const PLAIN: Readonly<Record<ErrorName, (name: string) => string>> = {
  VendorAuthError: (name) => `${name} refuses these credentials or does not let them read this`,
  VendorRateLimitError: (name) => `${name} limits the number of calls; the run could not wait that long`,
  VendorUnavailableError: (name) => `${name} did not answer`,
  VendorContractError: (name) => `${name} gave an unexpected answer, so its numbers are not used`,
  ConfigurationError: (name) => `the settings for ${name} are wrong or incomplete`,
  NotManagingOrganizationError: () => 'this run belongs to another organization',
  DeliveryError: (name) => `${name} did not accept the report`,
};

/** Customers of one vendor that failed for one reason. */
export type FailedCustomers = { error: ErrorName; words: string };

/** What kept customers from being read, one part per reason: "2 customers have not given consent (Alpha, Beta)". */
export function customerFailures(failures: readonly CustomerFailure[]): FailedCustomers[] {
  const byReason = Map.groupBy(failures, reasonOf);
  return [...byReason].flatMap(([reason, alike]): FailedCustomers[] => {
    const [first] = alike;
    if (first === undefined) return [];
    const customers = new Map(alike.map(({ customerId, customerName }) => [customerId, customerName]));
    const words = reason.words(quantity(customers.size, 'customer'), customers.size === 1);
    return [{ error: first.error, words: `${words} (${namesOf([...customers.values()])})` }];
  });
}

/** How many names of a long list are shown: enough to find the place. */
const NAMES = 3;

function namesOf(names: readonly string[]): string {
  const more = names.length - NAMES;
  const shown = names.slice(0, NAMES).map((name) => shortened(onOneLine(name), LONGEST_NAME));
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

const LONGEST_NAME = 40;

type Reason = {
  applies: (failure: Pick<CustomerFailure, 'error' | 'message'>) => boolean;
  /** `customers` has its noun: "1 customer". */
  words: (customers: string, isOne: boolean) => string;
};

const of =
  (wanted: ErrorName, pattern: RegExp = /(?:)/u): Reason['applies'] =>
  ({ error, message }) =>
    error === wanted && pattern.test(message);

/** The first that applies is taken. */
const REASONS: readonly Reason[] = [
  {
    applies: of('VendorAuthError', /\bconsent\b/u),
    words: (customers, isOne) => `${customers} ${isOne ? 'has' : 'have'} not given consent`,
  },
  {
    applies: of('VendorAuthError', /\bnot allowed to read\b/u),
    words: (customers) => `the credentials have no right to ${customers}`,
  },
  { applies: of('VendorAuthError'), words: (customers) => `the credentials were refused for ${customers}` },
  {
    applies: of('VendorContractError', /\bHTTP 40[34]\b/u),
    words: (customers, isOne) => `${customers} ${isOne ? 'is' : 'are'} listed but cannot be opened`,
  },
  {
    applies: of('VendorContractError', /\bnot report(?:ed)?\b|\bfound nothing\b/u),
    words: (customers) => `a value is missing for ${customers}`,
  },
  { applies: of('VendorContractError'), words: (customers) => `the answer for ${customers} is not as documented` },
  { applies: of('VendorRateLimitError'), words: (customers) => `the limit of calls was reached before ${customers}` },
  { applies: of('VendorUnavailableError'), words: (customers) => `no answer for ${customers}` },
];

/** For errors that none of them names: those are ours to fix. */
const SETTINGS: Pick<Reason, 'words'> = {
  words: (customers) => `the settings for ${customers} are wrong or incomplete`,
};

const reasonOf = (failure: CustomerFailure): Pick<Reason, 'words'> =>
  REASONS.find(({ applies }) => applies(failure)) ?? SETTINGS;

const LONGEST_CAUSE = 140;

/** Where the vendor's own answer begins: JSON, or a page. */
const ANSWER = /:?\s*(?:\{"|\[\{|\[\]|\{\}|<[!a-z]).*$/isu;

/** The call that failed. */
const CALL = /^\S[^:]*? (?:GET|POST|PUT|PATCH|DELETE) \S+: /u;

/** Numbers and names that only an engineer looks up. */
const CODES = / \((?:HTTP \d+|AADSTS[^)]*|fields seen: [^)]*)\)/gu;

/** What the request path reports for any vendor and the kind of error expresses better. */
const GENERAL =
  /^(?:HTTP \d+|unexpected answer|no answer|the credentials were refused|these credentials are not|every customer of)/u;

function causeIn(message: string): string | undefined {
  const cause = onOneLine(message).replace(ANSWER, '').replace(CALL, '').replace(CODES, '');
  return cause === '' || GENERAL.test(cause) ? undefined : shortened(cause, LONGEST_CAUSE);
}
