import { firstDayOfMonth, SOLD } from './agreements.ts';
import type { DemoMsp } from './demo-msp.ts';

/**
 * What the demo MSP's clerk would have written into billing.json: its source, every product but the handsets, and two
 * exceptions.
 */
export function demoBilling(msp: DemoMsp, source: Record<string, unknown>, now: number): Record<string, unknown> {
  const companies = new Set(msp.companies.map(({ id }) => id));
  return {
    source,
    period: 'current',
    services: SOLD.map(({ code, name, price, column }) => ({
      id: code.toLowerCase(),
      name,
      counts: [column],
      products: [code, name],
      price: { amount: price, currency: 'USD' },
    })),
    exceptions: [
      {
        company: 'orchard-optical',
        service: 'mfa',
        kind: 'spare',
        value: 5,
        reason: 'five spare seats for the summer staff',
        owner: 'anna@northwind.example',
        until: firstDayOfMonth(now, 4),
      },
      {
        company: 'hazelwood-accounting',
        service: 'mfa',
        kind: 'ignore',
        reason: 'billed by hand while the office moved',
        owner: 'anna@northwind.example',
        until: firstDayOfMonth(now, -1),
      },
    ].filter(({ company }) => companies.has(company)),
  };
}
