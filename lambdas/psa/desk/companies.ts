import type { Desk, DeskCompany } from './psa.ts';
import { withoutPause } from './unknown.ts';

/** The PSA's active customer companies, each once, by name and then id. */
export function listCompanies(desk: Desk): Promise<DeskCompany[]> {
  return withoutPause(desk, async () => {
    const companies: DeskCompany[] = [];
    for await (const company of desk.companies()) companies.push(company);
    return companies.sort((a, b) => compare(a.name.toLowerCase(), b.name.toLowerCase()) || compare(a.id, b.id));
  });
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
