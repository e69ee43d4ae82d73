import type { Period } from '../../billing/period.ts';
import { later } from '../reading/day.ts';
import type { ReadLine } from '../reading/fact.ts';
import { type Billed, nameKey } from './bills.ts';
import type { Estimate } from './estimate.ts';
import type { Contract, Related, Sold } from './shapes.ts';

/** Months of the billing cycles, as BMS writes them. */
const MONTHS_OF_CYCLE = new Map([
  ['monthly', 1],
  ['quarterly', 3],
  ['semi-annually', 6],
  ['yearly', 12],
  ['annually', 12],
]);

export const monthsOf = (contract: Contract | undefined): number | undefined =>
  MONTHS_OF_CYCLE.get(contract?.billingcycle?.trim().toLowerCase() ?? '');

type Known = {
  service: Related;
  estimate: Estimate;
  /** Absent if the list of contracts lacks it. */
  contract: Contract | undefined;
  sold: Sold | undefined;
  period: Period;
  currency: string | undefined;
};

/** A service on a contract as a billed line. */
export function lineOf({ service, estimate, contract, sold, period, currency }: Known): ReadLine {
  const { unitprice, servicename } = service;
  const months = monthsOf(contract);
  const name = sold?.name ?? servicename;
  const from = later(service.effectivedate, service.contractstartdate);
  const doubt = stateDoubt(service, from, contract, period) ?? estimate.doubt;
  return {
    id: String(service.id),
    agreement: { id: String(service.contractid), name: service.contractname },
    product: { id: String(service.serviceid), name },
    customer: { id: String(service.accountid), name: service.accountname },
    quantity: estimate.quantity,
    included: '0',
    ...(unitprice === undefined || months === undefined ? {} : { price: { amount: unitprice, months } }),
    ...(currency === undefined ? {} : { currency }),
    from,
    to: service.contractenddate,
    billable: unitprice !== '0',
    kind: 'recurring',
    quantitySource: estimate.quantitySource,
    ...(doubt === undefined ? {} : { doubt }),
    notes: [
      ...estimate.notes,
      ...(nameKey(name) === nameKey(servicename) ? [] : [`called "${servicename}" on the contract`]),
      ...(months === undefined ? ['the billing cycle of its contract is not known, nor is the monthly price'] : []),
    ],
  };
}

/** A contract bills while it is active; its dates alone do not show that. */
function stateDoubt(
  { contractenddate }: Related,
  from: string | null,
  contract: Contract | undefined,
  { first }: Period,
): ReadLine['doubt'] {
  if ((from !== null && from > first) || (contractenddate !== null && contractenddate < first)) return undefined;
  const status = contract?.status?.trim() ?? 'not listed';
  return status.toLowerCase() === 'active'
    ? undefined
    : { kind: 'ambiguous', reason: `by its dates it is billed, but its contract is ${status}` };
}

/** What the newest bill of a contract has besides its services: charged, but not a known recurring line. */
export function strayLines(services: readonly Related[], newest: readonly Billed[], currency?: string): ReadLine[] {
  const serviceNames = new Set(services.map(({ servicename }) => nameKey(servicename)));
  const [service] = services;
  return newest
    .filter(({ name }) => !serviceNames.has(nameKey(name)))
    .map(({ id, name, qty, totalprice, header }) => ({
      id: `invoice line ${id}`,
      ...(service === undefined ? {} : { agreement: { id: String(service.contractid), name: service.contractname } }),
      product: { name },
      customer: { id: String(header.accountid), name: header.accountname },
      quantity: { value: qty },
      included: '0',
      amount: totalprice,
      ...(currency === undefined ? {} : { currency }),
      from: header.invoicefrom,
      to: header.invoiceto,
      billable: true,
      kind: 'other',
      quantitySource: 'invoiced',
      notes: ['on the last bill of its contract, but not one of its services'],
    }));
}
