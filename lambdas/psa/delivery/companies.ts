import { ReportError } from '../../report/errors.ts';
import { byText } from '../../report/order.ts';
import type { OpenPsa, PsaCompany } from './operations.ts';
import type { TicketMembers } from './order.ts';
import { withoutPause } from './unknown.ts';

/**
 * The PSA's active customer companies, each once, by name and then id. Errors: `ConfigurationError` if there is none.
 */
export function listCompanies(psa: OpenPsa): Promise<PsaCompany[]> {
  return withoutPause(psa, async () => {
    const companies: PsaCompany[] = [];
    for await (const company of psa.companies()) companies.push(company);
    if (companies.length === 0) {
      throw new ReportError(
        'ConfigurationError',
        `${psa.name} lists no active company that matches its settings in report.json (status, type, stage or query, where it has them) ` +
          'and that its credentials may see; correct the settings or the rights',
      );
    }
    return companies.sort((a, b) => byText(a.name.toLowerCase(), b.name.toLowerCase()) || byText(a.id, b.id));
  });
}

/**
 * The ticket, with its company by the one id that the PSA has for it. Errors: as of `companyOf`; those of the request
 * path.
 */
export const withCompanyId = (
  psa: Pick<OpenPsa, 'name' | 'companyOf'>,
  ticket: TicketMembers,
): Promise<TicketMembers & { companyId: string }> =>
  withoutPause(psa, async () => ({ ...ticket, companyId: await psa.companyOf(ticket) }));
