import { decimal, money, sum } from '../../billing/decimal.ts';
import type { Period } from '../../billing/period.ts';
import type { Line, WholeTemplate } from './shapes.ts';

/** How the lines of a recurring invoice compare with Halo's own figure, `revenue`. */
export type Revenue = 'agrees' | 'not checked' | { disagreement: string };

/**
 * Compares lines with the revenue if all are plain: it is not documented whether it includes inactive, future or
 * calculated ones.
 */
export function revenueOf(template: WholeTemplate, { first }: Period): Revenue {
  const { revenue, lines, name, id } = template;
  if (revenue === undefined || !lines.every((line) => isPlain(line, first))) return 'not checked';
  const added = sum(lines.map(({ net_amount }) => decimal(net_amount ?? '0')));
  if (added.eq(revenue)) return 'agrees';
  const figures = `its lines add up to ${money(added)}, but HaloPSA gives a revenue of ${money(decimal(revenue))}`;
  return { disagreement: `recurring invoice "${name ?? id}": ${figures}` };
}

function isPlain(line: Line, day: string): boolean {
  const { startdate, enddate, isinactive, onetimecharge, is_meter, is_bundled_line, prorata_data } = line;
  const isInForce = (startdate === null || startdate <= day) && (enddate === null || enddate > day);
  const isOdd = [isinactive, onetimecharge, is_meter, is_bundled_line].includes(true);
  return isInForce && !isOdd && (prorata_data ?? []).length === 0 && !line.recurring_invoice_quantity_type;
}
