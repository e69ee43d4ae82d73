import { DEMO_PRODUCTS, demoAgreements, firstDayOfMonth } from '../../agreements.ts';
import type { DemoMsp } from '../../demo-msp.ts';

type Row = Record<string, unknown>;

const midnight = (day: string): string => `${day}T00:00:00Z`;
const dayBefore = (day: string): string => new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);
const cents = (value: number): number => Math.round(value * 100) / 100;

/**
 * Contracts, services on them and the bill of this month, as BMS shows them: no units but those that were invoiced, and
 * zero prices reach no invoice. A second line of one service has a name of its own.
 */
export function financeOf(msp: DemoMsp, now: number, firstAccount: number) {
  const [first, next] = [firstDayOfMonth(now, 0), firstDayOfMonth(now, 1)];
  const contracts: Row[] = [];
  const related: Row[] = [];
  const invoices: Row[] = [];
  const lines: Row[] = [];
  for (const { id, name, company, companyIndex, from, lines: agreed } of demoAgreements(msp, now)) {
    const AccountId = firstAccount + companyIndex;
    const names = new Set<string>();
    const standing = agreed.filter(({ to }) => to === undefined || to >= first);
    let total = 0;
    for (const [index, { product, quantity, price, from: begins }] of standing.entries()) {
      const ServiceName = names.has(product.name) ? `${product.name} (branch)` : product.name;
      names.add(product.name);
      related.push({
        Id: id * 100 + index,
        ServiceId: product.id,
        ContractId: id,
        AccountId,
        ServiceName,
        ContractName: name,
        AccountName: company.name,
        EffectiveDate: midnight(begins),
        ContractStartDate: midnight(from),
        ContractEndDate: midnight('2035-12-31'),
        UnitCost: Number(product.cost),
        UnitPrice: Number(price),
      });
      if (begins > first || Number(price) === 0) continue;
      const TotalPrice = cents(Number(price) * quantity);
      total = cents(total + TotalPrice);
      lines.push({
        Id: id * 100 + index,
        InvoiceId: 80_000 + id,
        Name: ServiceName,
        TypeName: 'Recurring Service',
        Qty: quantity,
        UnitPrice: Number(price),
        TotalPrice,
        ValueDate: midnight(first),
        ContractId: id,
        ContractName: name,
      });
    }
    contracts.push({
      Id: id,
      ContractName: name,
      AccountName: company.name,
      ContractType: 'Recurring Services',
      ContractBillingPrice: total,
      Status: 'Active',
      ContractNumber: `C-${id}`,
      BillingCycle: 'Monthly',
      StartDate: midnight(from),
      EndDate: midnight('2035-12-31'),
    });
    if (total === 0) continue;
    invoices.push({
      Id: 80_000 + id,
      InvoiceNumber: `INV-${id}`,
      StatusName: 'Sent',
      AccountId,
      AccountName: company.name,
      InvoiceDate: midnight(first),
      InvoiceFrom: midnight(first),
      InvoiceTo: midnight(dayBefore(next)),
      TotalPrice: total,
      GeneratedOn: midnight(first),
    });
  }
  const services = DEMO_PRODUCTS.map(
    ({ id, name, price, cost }): Row => ({
      Id: id,
      Name: name,
      UnitPrice: Number(price),
      UnitCost: Number(cost),
      IsActive: true,
    }),
  );
  return { contracts, related, invoices, lines, services };
}
