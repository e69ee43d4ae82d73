import { decimal, money, sum } from '../../billing/decimal.ts';
import type { Period } from '../../billing/period.ts';
import { hasOwnCycle, quantitySourceOf } from './line.ts';
import type { Line, WholeTemplate } from './shapes.ts';

/** How the lines of a recurring invoice compare with Halo's own figure, `revenue`. */
export type Revenue = 'agrees' | 'not checked' | { disagreement: string };

/**
 * Compares lines with the revenue if all are plain: it is not documented whether it includes inactive, future or
 * calculated ones.
 */
export function revenueOf(template: WholeTemplate, { first }: Period): Revenue {
  const { revenue, lines, name, id } = template;
  const amounts = lines.flatMap(({ net_amount }) => (net_amount === undefined ? [] : [decimal(net_amount)]));
  const isPlain = lines.every((line) => isInForce(line, first) && !isOdd(line) && !hasOwnCycle(line, template));
  if (revenue === undefined || amounts.length < lines.length || !isPlain) return 'not checked';
  const added = sum(amounts);
  if (added.eq(revenue)) return 'agrees';
  const figures = `its lines add up to ${money(added)}, but HaloPSA gives a revenue of ${money(decimal(revenue))}`;
  return { disagreement: `recurring invoice "${name ?? id}": ${figures}` };
}

const isInForce = ({ startdate, enddate }: Line, day: string): boolean =>
  (startdate === null || startdate <= day) && (enddate === null || enddate > day);

function isOdd(line: Line): boolean {
  const { isinactive, onetimecharge, is_meter, is_bundled_line, prorata_data } = line;
  const isOther = [isinactive, onetimecharge, is_meter, is_bundled_line].includes(true);
  return isOther || (prorata_data ?? []).length > 0 || quantitySourceOf(line) !== 'fixed';
}
