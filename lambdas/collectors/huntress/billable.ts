import * as z from 'zod/mini';
import type { VendorApi } from '../../counting/vendor-api.ts';
import { ReportError } from '../../report/errors.ts';

/** A product that the account does not have is absent here. The object itself is not optional. */
const Usage = z.object({
  organization: z.object({
    id: z.int(),
    actual_usages: z.object({
      edr: z.optional(z.object({ billable_agents_count: z.int() })),
      itdr: z.optional(z.array(z.object({ billable_identities_count: z.int() }))),
      sat: z.optional(z.object({ learners_count: z.int() })),
      siem: z.optional(z.object({ billable_log_sources_count: z.int() })),
    }),
  }),
});

/**
 * What Huntress bills for an organization, by column; undefined if the account does not have the product.
 * Errors: those of the request path; `VendorContractError` if the answer is another organization's.
 */
export async function billableFigures(api: VendorApi, organization: number, path: string) {
  const { id, actual_usages } = (await api.get(path, { schema: Usage })).organization;
  if (id !== organization) {
    throw new ReportError('VendorContractError', `Huntress ${path}: asked for organization ${organization}, got ${id}`);
  }
  const { edr, itdr, sat, siem } = actual_usages;
  return {
    edr: edr?.billable_agents_count,
    // One entry per identity tenant.
    itdr: itdr?.reduce((sum, { billable_identities_count }) => sum + billable_identities_count, 0),
    sat: sat?.learners_count,
    siem: siem?.billable_log_sources_count,
  };
}
