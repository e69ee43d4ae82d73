import * as z from 'zod/mini';
import type { CustomerIdentity } from './collection.ts';
import { byText } from './order.ts';

const Mark = z.union([
  z.tuple([z.literal('domain'), z.string()]),
  z.tuple([z.literal('id'), z.string(), z.string()]),
  z.tuple([z.literal('reference'), z.string()]),
]);

/** An identity as texts, one per statement, so that they can be combined in any order, each once. */
export const marksOf = ({ domains = [], ids = [], references = [] }: CustomerIdentity): string[] =>
  [
    ...domains.map((domain) => ['domain', domain]),
    ...ids.map(({ integration, id }) => ['id', integration, id]),
    ...references.map((reference) => ['reference', reference]),
  ].map((mark) => JSON.stringify(mark));

/** The identity of these texts; undefined if there are none. */
export function identityOf(marks: ReadonlySet<string>): CustomerIdentity | undefined {
  if (marks.size === 0) return undefined;
  const identity: Required<CustomerIdentity> = { domains: [], ids: [], references: [] };
  for (const mark of [...marks].sort(byText).map((each) => z.parse(Mark, JSON.parse(each)))) {
    if (mark[0] === 'domain') identity.domains.push(mark[1]);
    else if (mark[0] === 'id') identity.ids.push({ integration: mark[1], id: mark[2] });
    else identity.references.push(mark[1]);
  }
  return identity;
}
