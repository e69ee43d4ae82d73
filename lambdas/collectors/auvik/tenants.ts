import * as z from 'zod/mini';
import { digits } from '../../counting/ids.ts';
import { aside, figure, itself, owner } from '../../counting/row-forms.ts';
import { words } from '../../counting/words.ts';
import { type Day, readDay, readInstant } from '../../report/day.ts';
import { maybe } from '../../wire/forms.ts';
import { whole } from '../../wire/list-paging.ts';
import { list, type RowOf } from '../../wire/lists.ts';

const parent = aside(z.object({ data: aside(z.object({ id: digits })) }));

export const tenants = list(
  '/tenants',
  {
    id: itself(digits),
    attributes: z.object({ domainPrefix: figure(z.string()), tenantType: figure(z.string()) }),
    relationships: aside(z.object({ parent })),
  },
  whole('data'),
);
export type Tenant = RowOf<typeof tenants>;

/** Groups are not customers, but their rows have ids too. */
export const details = list(
  '/tenants/detail',
  {
    id: owner(digits),
    attributes: z.object({
      displayName: aside(z.string()),
      enabled: z.boolean(),
      subscribed: z.boolean(),
      trialEndDate: maybe(z.string()),
    }),
  },
  whole('data'),
);
export const typeOf = words('tenant type', {
  client: ['client'],
  group: ['multiClient'],
  'corporate IT': ['corporateIt'],
});

/** Tenants without a listed parent, those with children first. */
export function rootsOf(all: ReadonlyMap<string, Tenant>): { tenant: Tenant; leads: boolean }[] {
  return [...all.values()]
    .filter(({ relationships }) => !all.has(relationships?.parent?.data?.id ?? ''))
    .map((tenant) => ({ tenant, leads: isGroup(tenant) }))
    .sort((a, b) => Number(b.leads) - Number(a.leads));
}

export const isGroup = ({ attributes: { tenantType } }: Tenant): boolean =>
  typeof tenantType === 'string' && typeOf(tenantType) === 'group';

/** What is known about a tenant beyond its row in the list. */
export type Detail = {
  displayName?: string | null | undefined;
  enabled: boolean;
  trialEnds?: { day: Day; instant: number };
};

/** Errors: `VendorContractError` if the end of a trial is not a date. */
export function detailOf({ attributes }: RowOf<typeof details>): Detail {
  const { displayName, enabled, subscribed, trialEndDate } = attributes;
  const instant = subscribed || !trialEndDate ? null : readInstant(trialEndDate);
  const day = instant === null || !trialEndDate ? null : readDay(trialEndDate);
  return { displayName, enabled, ...(instant === null || day === null ? {} : { trialEnds: { day, instant } }) };
}

/** Why a tenant is not billed; undefined if it is. */
export function notBilled(detail: Detail | undefined, countTrials: boolean, asOf: string): string | undefined {
  if (detail?.enabled === false) return 'it is disabled in Auvik';
  const { trialEnds } = detail ?? {};
  const isOnTrial = trialEnds !== undefined && trialEnds.instant > Date.parse(asOf);
  return isOnTrial && !countTrials ? `it is on trial until ${trialEnds.day}` : undefined;
}
