import * as z from 'zod/mini';
import { API_USER, type DattoSettings } from '../../psa/datto-psa/access.ts';
import { Autotask } from '../../psa/datto-psa/autotask.ts';
import { ReportError } from '../../report/errors.ts';
import type { SeenRight, SourceRight } from '../reading/rights.ts';
import { ALL, RECURRING } from './lists.ts';

/** The entities of a contract that are read with it. */
const BELOW_CONTRACTS = [
  'ContractServices',
  'ContractServiceUnits',
  'ContractServiceBundles',
  'ContractServiceBundleUnits',
];

const Rows = z.object({ items: z.array(z.object({ id: z.int() })) });

type Some = (entity: string, filter?: typeof ALL) => Promise<boolean>;

/** Shown by one row of each entity that `look` asks `some` about: whether there is one. */
const sees = (right: string, look: (some: Some) => Promise<unknown>): SeenRight<DattoSettings> => ({
  ...{ right, where: API_USER },
  check: ({ api, redactor }, settings) => {
    const zone = new Autotask(api, settings, { redactor }, 'VendorContractError');
    return look(async (entity, filter = ALL) => {
      const json = { MaxRecords: 1, IncludeFields: ['id'], filter };
      return (await zone.read('POST', `${entity}/query`, Rows, { json, reads: true })).items.length > 0;
    });
  },
});

export const rights: readonly SourceRight<DattoSettings>[] = [
  sees('seeing companies and contacts', (some) => some('Companies')),
  sees('seeing contracts', async (some) => {
    // To a user without contract visibility Autotask returns no rows instead of a refusal.
    if (!(await some('Contracts', RECURRING))) {
      throw new ReportError('VendorContractError', 'Datto PSA lists no recurring contract');
    }
    for (const entity of BELOW_CONTRACTS) await some(entity);
  }),
  sees('Admin > Products & Services (view)', async (some) => {
    for (const entity of ['Services', 'ServiceBundles']) await some(entity);
  }),
  {
    right: 'the contract visibility All',
    where: API_USER,
    unseen: 'with less, contracts are missing without an error',
  },
  {
    right: 'no line of business that hides contracts',
    where: API_USER,
    unseen: 'those that it hides are missing without an error',
  },
];
