import { DEMO_PRODUCTS, demoAgreements, firstDayOfMonth } from '../../agreements.ts';
import type { DemoMsp } from '../../demo-msp.ts';

type Row = Record<string, unknown>;

const midnight = (day: string): string => `${day}T00:00:00`;
/** Sold as a bundle here; everything else is a service. */
const BUNDLED = 'VOIP';
/** Rows are made in advance and kept: those of so many months around now. */
const MONTHS = [-2, -1, 0, 1, 2];

const dayBefore = (day: string): string => new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);

/** Contracts, what is on them, and a row of units for each month, as Autotask keeps them apart. */
export function contractsOf(msp: DemoMsp, now: number, firstCompany: number): ReadonlyMap<string, Row[]> {
  const entities = new Map<string, Row[]>(
    [
      ...['Contracts', 'ContractServices', 'ContractServiceUnits', 'ContractServiceBundles'],
      ...['ContractServiceBundleUnits', 'Services', 'ServiceBundles', 'ContractBillingRules'],
    ].map((entity) => [entity, []]),
  );
  const add = (entity: string, row: Row) => entities.get(entity)?.push(row);
  for (const { id, name, companyIndex, from, lines } of demoAgreements(msp, now)) {
    const contract = {
      id,
      companyID: firstCompany + companyIndex,
      billToCompanyID: null,
      contractName: name,
      contractType: 7,
      contractPeriodType: 1,
      // An inactive contract goes on billing until it ends.
      status: companyIndex % 13 === 4 ? 0 : 1,
      startDate: midnight(from),
      endDate: midnight('2035-12-31'),
    };
    add('Contracts', contract);
    for (const [index, { product, quantity, price, from: begins, to }] of lines.entries()) {
      const of = product.code === BUNDLED ? 'ContractServiceBundle' : 'ContractService';
      const sold = product.code === BUNDLED ? { serviceBundleID: product.id } : { serviceID: product.id };
      const line = id * 100 + index;
      const cost = product.code === BUNDLED ? { adjustedPrice: null } : { unitCost: Number(product.cost) };
      add(`${of}s`, { id: line, contractID: id, ...sold, unitPrice: Number(price), ...cost });
      for (const month of MONTHS) {
        const startDate = firstDayOfMonth(now, month);
        if (startDate < begins || (to !== undefined && startDate > to)) continue;
        add(`${of}Units`, {
          id: line * 10 + month + 2,
          [`contract${of.slice('Contract'.length)}ID`]: line,
          contractID: id,
          ...sold,
          units: quantity,
          startDate: midnight(startDate),
          endDate: midnight(dayBefore(firstDayOfMonth(now, month + 1))),
          price: Math.round(Number(price) * quantity * 100) / 100,
          approveAndPostDate: month < 0 ? midnight(startDate) : null,
        });
      }
    }
  }
  add('Contracts', { ...entities.get('Contracts')?.[0], id: 9001, contractName: 'Project hours', contractType: 1 });
  add('ContractBillingRules', { id: 1, contractID: 9001, isActive: true });
  for (const { id, code, name, price, cost } of DEMO_PRODUCTS) {
    const row = {
      id,
      name,
      isActive: true,
      periodType: 1,
      unitPrice: Number(price),
      unitCost: Number(cost),
      sku: code,
    };
    add(code === BUNDLED ? 'ServiceBundles' : 'Services', row);
  }
  return entities;
}
