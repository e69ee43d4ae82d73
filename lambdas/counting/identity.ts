import type { CustomerIdentity } from '../report/collection.ts';
import type { Fact } from './facts.ts';

/** A text of a row, which can be missing or blank. */
type Given = string | null | undefined;

/**
 * What a row says about who its customer is: `domains`, its ids elsewhere by integration, and what the MSP typed into a
 * free field.
 */
export type Marks = {
  domains?: readonly Given[];
  ids?: readonly { integration: string; id: Given }[];
  references?: readonly Given[];
};

/** The fact with what the row has; none if everything is missing or blank. */
export function identityFacts(customer: string, { domains = [], ids = [], references = [] }: Marks): Fact[] {
  const identity: CustomerIdentity = {
    domains: filled(domains).map((domain) => domain.toLowerCase()),
    ids: ids.flatMap(({ integration, id }) => filled([id]).map((trimmed) => ({ integration, id: trimmed }))),
    references: filled(references),
  };
  return Object.values(identity).some(({ length }) => length > 0) ? [{ fact: 'identity', customer, identity }] : [];
}

const filled = (texts: readonly Given[]): string[] =>
  texts.flatMap((text) => {
    const trimmed = text?.trim() ?? '';
    return trimmed === '' ? [] : [trimmed];
  });
