import * as z from 'zod/mini';
import { digits } from '../../counting/ids.ts';
import type { Right } from '../../counting/rights.ts';
import { NOBODY_LISTED } from '../../wire/rights.ts';
import { tenants, typeOf } from './tenants.ts';
import { usage, usageQuery } from './usage.ts';

const where = "the role of the key's user";

/** Any day will do: only the right to ask matters. */
const SOME_DAY = { from: '2026-01-01', thru: '2026-01-01' };

const Tenants = z.object({
  data: z.array(z.object({ id: digits, attributes: z.object({ tenantType: z.string() }) })),
});

export const auvikRights: readonly Right<unknown>[] = [
  { right: 'view of tenants', where, check: (api) => api.send('GET', tenants.path) },
  {
    right: 'view of billing',
    where,
    check: async (api) => {
      const { data } = await api.get(tenants.path, { schema: Tenants });
      const client = data.find(({ attributes }) => typeOf(attributes.tenantType) !== 'group');
      if (client === undefined) return NOBODY_LISTED;
      return api.send('GET', usage.path, { query: usageQuery(SOME_DAY, [client.id]) });
    },
  },
];
