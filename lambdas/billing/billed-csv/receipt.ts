import type { Receipt } from '../../report/collection.ts';
import { byText } from '../../report/order.ts';
import { decimal, money, sum } from '../decimal.ts';
import type { BilledLine, DecimalText } from '../line.ts';

/** What was read from a file, for a person to compare with the export's own totals. */
export type FileReceipt = Receipt & {
  file: {
    name: string;
    bytes: number;
    sha256: string;
    /** ISO 8601 */
    modified: string;
    /** Rows below the titles that are not blank. */
    rows: number;
    blank: number;
    refused: number;
    /** The first faults: "row 7: Quantity: expected a number, found nothing". */
    faults: string[];
    /** Rows with a quantity below 0. */
    credits: number;
    companies: number;
    /** Currency, or "no currency" -> sum of the column Line Amount. */
    amounts: Record<string, DecimalText>;
  };
};

const FAULTS_SHOWN = 10;

type Read = Pick<FileReceipt['file'], 'name' | 'bytes' | 'sha256' | 'modified' | 'rows' | 'blank'> & {
  faults: readonly string[];
  lines: readonly BilledLine[];
};

export function receiptOf({ faults, lines, ...file }: Read): FileReceipt {
  const { name, rows } = file;
  const distinct = lines.length;
  return {
    requests: 0,
    pages: 1,
    rows,
    distinct,
    lists: [{ list: name, pages: 1, rows, distinct, end: 'end of the file' }],
    comparisons: [],
    file: {
      ...file,
      refused: faults.length,
      faults: faults.slice(0, FAULTS_SHOWN),
      credits: lines.filter(({ quantity }) => 'value' in quantity && decimal(quantity.value).lt(0)).length,
      companies: new Set(lines.map(({ customer }) => JSON.stringify([customer.idOf, customer.id]))).size,
      amounts: amountsOf(lines),
    },
  };
}

function amountsOf(lines: readonly BilledLine[]): Record<string, DecimalText> {
  const amounts = lines.flatMap(({ amount, currency = 'no currency' }) =>
    amount === undefined ? [] : [{ currency, amount: decimal(amount) }],
  );
  return Object.fromEntries(
    [...Map.groupBy(amounts, ({ currency }) => currency)]
      .map(([currency, all]): [string, string] => [currency, money(sum(all.map(({ amount }) => amount)))])
      .sort(([a], [b]) => byText(a, b)),
  );
}
