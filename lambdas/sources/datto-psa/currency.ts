import type { Company, Contract } from './shapes.ts';

/**
 * The one currency of all prices. Prices are in the customer's currency, which the API gives as a number without an ISO
 * code: if customers have several, the currency of a price is unknown.
 */
export function currencyOf(
  companies: ReadonlyMap<number, Company>,
  contracts: ReadonlyMap<number, Contract>,
  configured: string | undefined,
): { currency: string | undefined; remark?: string } {
  const billed = [...contracts.values()].map(({ companyID }) => companies.get(companyID)?.currencyID ?? null);
  if (new Set(billed).size < 2 || configured === undefined) return { currency: configured };
  return {
    currency: undefined,
    remark: `customers are billed in several currencies, so ${configured} is set on no line`,
  };
}
