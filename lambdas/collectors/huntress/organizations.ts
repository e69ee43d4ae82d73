import * as z from 'zod/mini';
import { guid } from '../../counting/ids.ts';
import { aside, figure, itself } from '../../counting/row-forms.ts';
import { list, type RowOf } from '../../wire/lists.ts';
import { byToken } from './paging.ts';

const organization = {
  id: itself(z.int()),
  name: aside(z.string()),
  agents_count: figure(z.int()),
  billable_identity_count: figure(z.int()),
  sat_learner_count: figure(z.int()),
  logs_sources_count: figure(z.int()),
  // A guid is the id of a Microsoft tenant; Google's ids are not guids.
  identity_provider_tenant_id: aside(guid),
};
export const organizations = list('/organizations', organization, byToken('organizations'));

/** The figures of a row, by column. */
export const figuresOf = (row: RowOf<typeof organizations>) => ({
  edr: row.agents_count,
  itdr: row.billable_identity_count,
  sat: row.sat_learner_count,
  siem: row.logs_sources_count,
});
