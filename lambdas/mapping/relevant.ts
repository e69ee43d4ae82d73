import type { Clientele } from './clientele.ts';
import { keysOf, ownKeysOf } from './evidence.ts';

/**
 * The same clientele without the companies and customers that share no mark with an unmapped customer: the suggestions
 * stay the same. Little is left of a large clientele, and marks are cached only for that.
 */
export function relevant(clientele: Clientele): Clientele {
  const { unmapped, listed, companies, psas } = clientele;
  const open = new Set(unmapped);
  const wanted = new Set<string>();
  for (const account of unmapped) for (const key of keysOf(account)) wanted.add(key);
  const isWanted = (key: string): boolean => wanted.has(key);
  const bearing = new Map(
    [...listed].map(([integration, accounts]) => [
      integration,
      accounts.filter((account) => open.has(account) || keysOf(account).some(isWanted)),
    ]),
  );
  const accounts = new Set([...bearing.values()].flat());
  return {
    ...clientele,
    listed: bearing,
    // A company with all its customers: evidence against it can be with any of them.
    companies: companies.filter(
      (company) => ownKeysOf(company, psas).some(isWanted) || company.accounts.some((account) => accounts.has(account)),
    ),
  };
}
