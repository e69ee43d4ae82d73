import { SCOPES } from '../../psa/ninjaone/access.ts';
import { type SourceRight, sees } from '../reading/rights.ts';
import { agreementsListed } from './lists.ts';

export const rights: readonly SourceRight<unknown>[] = [
  sees('scope Monitoring', SCOPES, '/v2/organizations', { pageSize: 1 }),
  {
    right: 'Billing: Read',
    where:
      'the permissions of the API application; NinjaOne Billing must be enabled under Administration > Apps > NinjaOne Billing',
    // It is not known how the list is paged, so it is read whole; an empty list is a finding as well.
    check: ({ api }) => agreementsListed(api),
  },
];
