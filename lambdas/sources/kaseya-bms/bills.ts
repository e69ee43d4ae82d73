import { decimal, plain, sum } from '../../billing/decimal.ts';
import type { Period } from '../../billing/period.ts';
import type { Day } from '../../report/day.ts';
import { ReportError } from '../../report/errors.ts';
import type { BillLine, Header } from './shapes.ts';

export type Bill = { header: Header; lines: readonly BillLine[] };

/** A line with the invoice it is on. */
export type Billed = BillLine & { header: Header };

/**
 * What was billed for one contract: the lines of its newest bill, and of each service the lines of the newest bill with
 * it. A bill that begins after the first day of the period is only used if there is no other: it can have other units.
 */
export type ContractBills = { newest: readonly Billed[]; byService: ReadonlyMap<string, readonly Billed[]> };

/** Whether a bill is for a period that has this day. */
export const covers = ({ invoicefrom, invoiceto }: Header, day: Day): boolean =>
  (invoicefrom ?? '') <= day && (invoiceto ?? '') >= day;

/** Tenants' words for invoices that nobody had to pay. */
const NOT_ISSUED = /draft|void|cancel|delet/iu;

/** Contract and bill identify a service only by its name. */
export const nameKey = (name: string): string => name.replace(/\s+/gu, ' ').trim().toLowerCase();

/** Whether an invoice was really billed. */
export function counts({ statusname }: Header, chosen: readonly string[] | undefined): boolean {
  const status = statusname ?? '';
  return chosen === undefined
    ? !NOT_ISSUED.test(status)
    : chosen.some((word) => word.toLowerCase() === status.toLowerCase());
}

/** Bills without lines, and those whose lines do not add up to the total: the only sign of a missing line. */
export const unequalBills = (bills: readonly Bill[]): { accountId: number; error: ReportError }[] =>
  bills.flatMap(({ header, lines }) => {
    const added = sum(lines.map(({ totalprice }) => decimal(totalprice)));
    if (lines.length > 0 && added.eq(header.totalprice)) return [];
    const what =
      lines.length === 0
        ? `no lines of invoice ${header.id}`
        : `the lines of invoice ${header.id} add up to ${plain(added)}, but its total is ${header.totalprice}`;
    return [{ accountId: header.accountid, error: new ReportError('VendorContractError', `Kaseya BMS: ${what}`) }];
  });

/** Bills by contract. Lines without a contract are not recurring. */
export function billsIn(bills: readonly Bill[], { first }: Period): ReadonlyMap<number, ContractBills> {
  const lines = bills.flatMap(({ header, lines }) => lines.map((line) => ({ ...line, header })));
  const ofContracts = Map.groupBy(lines, ({ contractid }) => contractid ?? undefined);
  const made = new Map<number, ContractBills>();
  for (const [contractId, ofContract] of ofContracts) {
    if (contractId === undefined) continue;
    const byName = Map.groupBy(ofContract, ({ name }) => nameKey(name));
    made.set(contractId, {
      newest: newestOf(ofContract, first),
      byService: new Map([...byName].map(([service, billed]) => [service, newestOf(billed, first)])),
    });
  }
  return made;
}

function newestOf(lines: readonly Billed[], first: Day): Billed[] {
  const dayOf = ({ header }: Billed) => header.invoicefrom ?? header.invoicedate ?? '';
  const days = lines.map(dayOf).sort();
  const newest = days.findLast((day) => day <= first) ?? days.at(-1);
  return lines.filter((line) => dayOf(line) === newest);
}
