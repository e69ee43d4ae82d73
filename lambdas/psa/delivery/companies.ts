import { ReportError } from '../../report/errors.ts';
import type { Desk, DeskCompany } from './psa.ts';
import { withoutPause } from './unknown.ts';

/** The PSA's active customer companies, each once, by name and then id. Errors: `ConfigurationError` where there is none. */
export function listCompanies(desk: Desk): Promise<DeskCompany[]> {
  return withoutPause(desk, async () => {
    const companies: DeskCompany[] = [];
    for await (const company of desk.companies()) companies.push(company);
    if (companies.length === 0) {
      throw new ReportError(
        'ConfigurationError',
        `${desk.name} lists no active company that its settings in report.json (status, type, stage or query, where it has them) ` +
          'choose and its credentials may see; mend the settings or the rights',
      );
    }
    return companies.sort((a, b) => compare(a.name.toLowerCase(), b.name.toLowerCase()) || compare(a.id, b.id));
  });
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
