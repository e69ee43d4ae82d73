import { decimal, over, plain, sum } from '../../billing/decimal.ts';
import type { DecimalText } from '../../billing/line.ts';
import type { Period } from '../../billing/period.ts';
import { quantity } from '../../report/quantity.ts';
import type { ReadLine } from '../reading/fact.ts';
import { type Billed, type ContractBills, covers, nameKey } from './bills.ts';
import type { Contract, Related } from './shapes.ts';

/** The number of units, if it can be known, and how. */
export type Estimate = Pick<ReadLine, 'quantity' | 'quantitySource' | 'doubt' | 'notes'>;

type FromBill = { units: DecimalText; bill: Billed['header'] } | { unknown: string };

/**
 * Estimates the units of all services of one contract. A bill that covers the first day states them. An earlier one
 * does if its units at today's prices add up to the contract's price; if they do not, something changed since. A price
 * cannot show how many free units there are. A contract with a single priced service and no bill has as many units as
 * its price holds.
 */
export function estimateOf(
  services: readonly Related[],
  bills: ContractBills,
  contract: Contract | undefined,
  { first }: Period,
): Map<Related, Estimate> {
  const read = new Map(services.map((service) => [service, fromBill(service, services, bills)]));
  const isCurrent = agrees(read, contract, first);
  return new Map(
    [...read].map(([service, invoice]): [Related, Estimate] => {
      if ('unknown' in invoice)
        return [service, derived(service, services, bills, contract) ?? unknown(invoice.unknown)];
      const { units, bill } = invoice;
      const when = `the bill of ${bill.invoicefrom} to ${bill.invoiceto}`;
      const invoiced = { quantity: { value: units }, quantitySource: 'invoiced' } as const;
      if (covers(bill, first)) return [service, { ...invoiced, notes: [] }];
      if (isCurrent && service.unitprice !== '0')
        return [service, { ...invoiced, notes: [`by ${when}, which the contract's price confirms`] }];
      const price = contract?.contractbillingprice;
      const reason = `${quantity(units, 'unit')} on ${when}, which the contract's price${price === undefined ? '' : ` of ${price}`} does not confirm`;
      return [service, { ...invoiced, doubt: { kind: 'other-period', reason }, notes: [] }];
    }),
  );
}

/** A service's line on its newest bill. Pro rata parts are next to the full line, under the same name. */
function fromBill(service: Related, services: readonly Related[], { byService }: ContractBills): FromBill {
  const key = nameKey(service.servicename);
  if (services.filter(({ servicename }) => nameKey(servicename) === key).length > 1) {
    return {
      unknown: `the contract has "${service.servicename}" more than once, and bills tell services by name alone`,
    };
  }
  const lines = byService.get(key) ?? [];
  if (lines.length === 0) return { unknown: 'it is on no bill, and the contract shows no units' };
  const full = lines.filter(({ qty, unitprice, totalprice }) => decimal(qty).times(unitprice).eq(totalprice));
  // A part can have a price of its own, and so can the full line if the service's price was changed since.
  const fitting = full.filter(
    (line) => line.unitprice === service.unitprice || (lines.length === 1 && !beginsWithin(line)),
  );
  const [line, ...others] = fitting;
  if (line === undefined || others.length > 0) {
    return {
      unknown: `its last bill has ${quantity(lines.length, 'line')} of it, and which has the whole number is not clear`,
    };
  }
  return { units: line.qty, bill: line.header };
}

/** A part is dated by the day of the change, within the invoice's period. */
const beginsWithin = ({ valuedate, header }: Billed): boolean =>
  valuedate !== null && header.invoicefrom !== null && valuedate > header.invoicefrom;

/** Whether the billed units of all services in force on the day add up, at today's prices, to the contract's price. */
function agrees(read: ReadonlyMap<Related, FromBill>, contract: Contract | undefined, day: string): boolean {
  const price = contract?.contractbillingprice;
  if (price === undefined) return false;
  const running = [...read].filter(([{ effectivedate }]) => effectivedate === null || effectivedate <= day);
  const priced = running.filter(([{ unitprice }]) => unitprice !== '0');
  const amounts = priced.map(([{ unitprice }, invoice]) =>
    'unknown' in invoice || unitprice === undefined ? undefined : decimal(invoice.units).times(unitprice),
  );
  const certain = amounts.filter((amount) => amount !== undefined);
  return certain.length > 0 && certain.length === amounts.length && sum(certain).eq(price);
}

function derived(
  service: Related,
  services: readonly Related[],
  bills: ContractBills,
  contract: Contract | undefined,
): Estimate | undefined {
  const price = contract?.contractbillingprice;
  const priced = services.filter(({ unitprice }) => unitprice !== undefined && unitprice !== '0');
  if (price === undefined || service.unitprice === undefined || bills.byService.has(nameKey(service.servicename))) {
    return undefined;
  }
  if (priced.length !== 1 || priced[0] !== service) return undefined;
  const units = over(decimal(price), decimal(service.unitprice));
  if (!units.eq(units.round(0, 0)) || !units.times(service.unitprice).eq(price) || !units.gt(0)) return undefined;
  return {
    quantity: { value: plain(units) },
    quantitySource: 'derived',
    notes: [`the contract's price of ${price} holds so many units at ${service.unitprice}`],
  };
}

const unknown = (why: string): Estimate => ({ quantity: { unknown: why }, quantitySource: 'unknown', notes: [] });
