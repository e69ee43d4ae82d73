import type { Period } from '../../billing/period.ts';
import type { ReadLine } from '../reading/fact.ts';
import type { Company } from './lists.ts';
import { quantityIn } from './record.ts';

const NO_HISTORY: ReadLine['doubt'] = { kind: 'other-period', reason: 'the field holds only the units of today' };

/** The billed units of one product, from a field of the company as of today. */
export const lineInField = (
  { id, name, custom_fields }: Company,
  field: string,
  product: string,
  { isOver }: Period,
): ReadLine => ({
  id: `${id} ${field}`,
  product: { code: field, name: product },
  customer: { id: String(id), name: name || String(id) },
  quantity: quantityIn(custom_fields?.[field]),
  included: '0',
  from: null,
  to: null,
  billable: true,
  kind: 'recurring',
  quantitySource: 'fixed',
  ...(isOver ? { doubt: NO_HISTORY } : {}),
  notes: [],
});
