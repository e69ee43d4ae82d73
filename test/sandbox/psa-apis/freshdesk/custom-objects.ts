import { demoAgreements } from '../../agreements.ts';
import type { DemoMsp } from '../../demo-msp.ts';

type Row = Record<string, unknown>;

const field = (name: string, label: string, type: string) => ({ id: name, name, label, type, required: true });

/** Objects of the account: one that a clerk keeps what is billed in, and one that was deleted. */
export const SCHEMAS: Row[] = [
  { id: '9011', name: 'Billed line', prefix: 'OLD', version: 3, deleted: true, fields: [] },
  {
    id: '9012',
    name: 'Billed line',
    prefix: 'BIL',
    version: 1,
    deleted: false,
    fields: [
      field('line_id', 'Line Id', 'PRIMARY'),
      field('company', 'Company', 'RELATIONSHIP'),
      field('product', 'Product', 'TEXT'),
      field('quantity', 'Quantity', 'NUMBER'),
      field('unit_price', 'Unit Price', 'NUMBER'),
      field('currency', 'Currency', 'TEXT'),
      field('period', 'Period', 'DROPDOWN'),
      field('effective_from', 'Effective From', 'DATE'),
      field('effective_to', 'Effective To', 'DATE'),
      field('billable', 'Billable', 'DROPDOWN'),
    ],
  },
];

/** One record per line; a company goes by the number that organizations have for it. */
export const recordsOf = (msp: DemoMsp, now: number, companyNumber: (index: number) => number): Row[] =>
  demoAgreements(msp, now).flatMap(({ id, companyIndex, lines }) =>
    lines.map(({ product, quantity, price, from, to, free }, index) => ({
      display_id: String(id * 100 + index),
      created_time: now,
      updated_time: now,
      version: 1,
      data: {
        line_id: String(id * 100 + index),
        company: companyNumber(companyIndex),
        product: product.code,
        quantity,
        unit_price: Number(price),
        currency: 'USD',
        period: 'monthly',
        effective_from: from,
        effective_to: to ?? null,
        billable: free === true ? 'No' : 'Yes',
      },
    })),
  );
