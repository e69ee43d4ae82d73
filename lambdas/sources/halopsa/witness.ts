import { decimal, plain, sum } from '../../billing/decimal.ts';
import type { Period } from '../../billing/period.ts';
import type { Line, WholeTemplate } from './shapes.ts';

/**
 * What a person should know where the lines of a recurring invoice do not add up to Halo's own figure, `revenue`. It is held
 * against plain lines alone, for whether it has inactive, future or calculated ones in it is documented nowhere.
 */
export function revenueRemark(template: WholeTemplate, { first }: Period): string | undefined {
  const { revenue, lines, name, id } = template;
  if (revenue === undefined || !lines.every((line) => isPlain(line, first))) return undefined;
  const added = sum(lines.map(({ net_amount }) => decimal(net_amount ?? '0')));
  if (added.eq(revenue)) return undefined;
  return `recurring invoice "${name ?? id}": its lines come to ${plain(added)}, while HaloPSA gives a revenue of ${revenue}`;
}

function isPlain(line: Line, day: string): boolean {
  const { startdate, enddate, isinactive, onetimecharge, is_meter, is_bundled_line, prorata_data } = line;
  const stands = (startdate === null || startdate <= day) && (enddate === null || enddate > day);
  const isOdd = [isinactive, onetimecharge, is_meter, is_bundled_line].includes(true);
  return stands && !isOdd && (prorata_data ?? []).length === 0 && !line.recurring_invoice_quantity_type;
}
