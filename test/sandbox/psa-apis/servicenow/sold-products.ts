import { demoAgreements } from '../../agreements.ts';
import type { DemoMsp } from '../../demo-msp.ts';

type Row = Record<string, string>;

export const SOLD_COLUMNS = [
  ...['sys_id', 'number', 'name', 'product', 'account', 'account.name', 'quantity', 'unit_of_measurement', 'parent'],
  ...['unit_net_price', 'monthly_recurring_price', 'periodicity', 'start_date', 'end_date', 'state'],
];

/**
 * Agreements as sold products: every value a text, an empty one where there is none. The first has a child in its
 * price.
 */
export function soldProductsOf(msp: DemoMsp, now: number, sysId: (...words: (string | number)[]) => string): Row[] {
  const today = new Date(now).toISOString().slice(0, 10);
  const rows = demoAgreements(msp, now).flatMap(({ id, company, lines }) =>
    lines.map(
      ({ product, quantity, price, from, to }, index): Row => ({
        sys_id: sysId('sold', id, index),
        number: `SLPRD${String(id * 100 + index).padStart(7, '0')}`,
        name: product.code,
        product: sysId('product', product.id),
        account: sysId('company', company.id),
        'account.name': company.name,
        quantity: String(quantity),
        unit_of_measurement: 'each',
        unit_net_price: price,
        monthly_recurring_price: (Math.round(Number(price) * quantity * 100) / 100).toFixed(2),
        periodicity: 'monthly',
        start_date: from,
        end_date: to ?? '',
        state: from > today ? 'in_preparation' : to !== undefined && to < today ? 'expired' : 'active',
        parent: '',
      }),
    ),
  );
  const [first] = rows;
  const child = { ...first, sys_id: sysId('sold', 'child'), number: 'SLPRD9999999', parent: first?.sys_id ?? '' };
  return [...rows, child];
}
