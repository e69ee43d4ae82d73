import { ROLE } from '../../psa/superops/access.ts';
import type { Graphql } from '../../psa/superops/graphql.ts';
import type { SeenRight, SourceRight } from '../reading/rights.ts';
import { clientsOf, contractsOf, itemsOf, mspTransport } from './lists.ts';

type Settings = Parameters<typeof mspTransport>[1];

/** Checked by the first page of a list. */
const sees = (right: string, listOf: (transport: Graphql) => AsyncIterable<unknown>): SeenRight<Settings> => ({
  ...{ right, where: ROLE },
  check: async (asked, settings) => {
    for await (const _ of listOf(mspTransport(asked, settings))) return;
  },
});

export const rights: readonly SourceRight<Settings>[] = [
  sees('clients (view)', clientsOf),
  sees('contracts (view)', contractsOf),
  sees('service items (view)', itemsOf),
];
