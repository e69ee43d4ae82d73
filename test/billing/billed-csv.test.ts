import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type FileSettings, fileShape } from '../../lambdas/billing/billed-csv/settings.ts';
import { readBilledCsv } from '../../lambdas/billing/billed-csv.ts';
import type { BilledLine, BilledSide, FailedSide, ReadSide } from '../../lambdas/billing/line.ts';
import { periodOf } from '../../lambdas/billing/period.ts';
import { company } from '../report/sample.ts';
import { compared, rowOf, settings, workstations } from './sample.ts';

const settingsOf = (more: Partial<FileSettings> = {}): FileSettings =>
  fileShape(['halopsa']).parse({ file: 'billed.csv', ...more });

type Occasion = { modified?: string; today?: string; month?: string };

function readBytes(bytes: Uint8Array, more: Partial<FileSettings> = {}, occasion: Occasion = {}): BilledSide {
  const { modified = '2026-12-01T08:00:00Z', today = '2026-12-01', month = 'current' } = occasion;
  return readBilledCsv({
    bytes,
    modified,
    today,
    timeZone: 'UTC',
    settings: settingsOf(more),
    period: periodOf(month, today),
  });
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

function read(text: string, more?: Partial<FileSettings>, occasion?: Occasion): BilledSide & ReadSide {
  const side = readBytes(bytesOf(text), more, occasion);
  if (side.status === 'failed') throw new Error(side.message);
  return side;
}

function failure(text: string | Uint8Array, more?: Partial<FileSettings>): FailedSide {
  const side = readBytes(typeof text === 'string' ? bytesOf(text) : text, more);
  if (side.status !== 'failed') throw new Error('was read');
  return side;
}

const TITLES = 'Company,Product,Quantity,Unit Price';

/** The only line of a file with these cells. */
function only(cells: Record<string, string>, more?: Partial<FileSettings>, occasion?: Occasion): BilledLine {
  const all = { Company: 'Contoso', Product: 'EDR', Quantity: '12', ...cells };
  const text = [Object.keys(all), Object.values(all)]
    .map((row) => row.map((cell) => `"${cell}"`).join(','))
    .join('\r\n');
  const [line] = read(text, more, occasion).lines;
  if (line === undefined) throw new Error('no line');
  return line;
}

/** What a file with such a row, among enough good ones, says of that row. */
function refusal(cells: string, titles = TITLES, more?: Partial<FileSettings>): string {
  const good = titles
    .split(',')
    .map((title) => (/Company|Product/u.test(title) ? 'Good' : /^Quantity$|Price|Amount/u.test(title) ? '1' : ''));
  const side = read([titles, ...Array<string>(6).fill(good.join(',')), cells].join('\n'), more);
  return side.notes.find((note) => note.includes('row 8')) ?? '';
}

describe('the example of December', () => {
  const story = `Company Id,Company,Agreement,Line Id,Product Code,Product,Quantity,Unit Price,Line Amount,Currency,Period,Effective From,Effective To,Billable
contoso,Contoso Ltd,Contoso Managed,7001,MGD-WKS,Managed Workstation,42,35.00,1470.00,USD,monthly,2024-01-01,,yes
contoso,Contoso Ltd,Contoso Managed,7002,MGD-WKS,Managed Workstation,3,30.00,90.00,USD,monthly,2026-06-01,,yes
contoso,Contoso Ltd,Contoso Managed,7003,MAIL-SEC,Mail Security,40,4.00,160.00,USD,monthly,2024-01-01,2026-10-31,yes
fabrikam,Fabrikam Inc,Fabrikam Cloud,7104,EDR-AGENT,EDR Agent,18,,,USD,monthly,2025-03-01,,no
fabrikam,Fabrikam Inc,Fabrikam Cloud,7105,M365-BP,Microsoft 365 Business Premium,25,22.00,550.00,USD,monthly,2027-01-01,,yes
`;
  const side = read(story);

  test('is read line by line, ids as text and numbers as written', () => {
    expect(side).toMatchObject({ source: 'billed-csv', label: 'billed.csv of 2026-12-01', status: 'collected' });
    expect(side.lines[0]).toEqual({
      id: '7001',
      billedFrom: 'billed.csv of 2026-12-01',
      agreement: { id: 'Contoso Managed', name: 'Contoso Managed' },
      product: { code: 'MGD-WKS', name: 'Managed Workstation' },
      customer: { id: 'contoso', name: 'Contoso Ltd', idOf: 'organizations' },
      quantity: { value: '42' },
      included: '0',
      price: { amount: '35', months: 1 },
      amount: '1470',
      currency: 'USD',
      from: '2024-01-01',
      to: null,
      billable: true,
      kind: 'recurring',
      quantitySource: 'fixed',
      notes: [],
    });
    expect(side.lines.map(({ billable }) => billable)).toEqual([true, true, true, false, true]);
    expect(side.lines[3]).not.toHaveProperty('price');
  });

  test('has a receipt to compare with the export', () => {
    expect(side.receipt).toMatchObject({
      rows: 5,
      distinct: 5,
      file: {
        name: 'billed.csv',
        sha256: createHash('sha256').update(story).digest('hex'),
        rows: 5,
        blank: 0,
        refused: 0,
        companies: 2,
        amounts: { USD: '2270.00' },
      },
    });
  });

  test('is compared: two lines add up, and ended and future ones are named', () => {
    const organizations = [company('contoso', { agents: ['1'] }), company('fabrikam', { agents: ['2'] })];
    const services = [
      { id: 'wks', name: 'Workstation', counts: ['Agents Workstations'], products: ['MGD-WKS'] },
      { id: 'm365', name: 'M365', counts: ['Agents Servers'], products: ['M365-BP'] },
    ];
    const billing = settings({ source: { file: 'billed.csv' }, services, period: '2026-12' });
    const result = compared({ organizations, outcomes: [workstations({ 1: 45, 2: 0 })], sides: [side], billing });
    expect(rowOf(result, 'contoso', 'wks')).toMatchObject({ state: 'matched', billed: '45', lines: ['7001', '7002'] });
    expect(rowOf(result, 'fabrikam', 'm365')).toMatchObject({ billed: '0', note: 'line 7105 (25): begins 2027-01-01' });
    expect(result.rows.find(({ lines }) => lines.includes('7003'))).toMatchObject({ billed: '0' });
  });
});

describe('the file', () => {
  test.each([
    ['UTF-16', Buffer.from(`\uFEFF${TITLES}\na,b,1,2`, 'utf16le')],
    ['another code page', Buffer.from(`${TITLES}\nM\u00FCller,b,1,2`, 'latin1')],
  ])('is refused in %s', (_, bytes) => {
    expect(failure(bytes).message).toContain('expected UTF-8');
  });

  test('can have a byte order mark and either line ending', () => {
    expect(read(`\uFEFF${TITLES}\r\nA,EDR,1,2\r\n`).lines).toHaveLength(1);
    expect(read(`${TITLES}\nA,EDR,1,2`).lines).toHaveLength(1);
  });

  test('with another delimiter than configured is refused, naming the delimiter', () => {
    expect(failure(TITLES.replaceAll(',', ';')).message).toContain('is "," the right delimiter?');
    expect(read(`${TITLES.replaceAll(',', ';')}\nA;EDR;1;2`, { delimiter: ';' }).lines).toHaveLength(1);
  });

  test.each([
    ['that is never closed', '"A,EDR,1,2'],
    ['inside a text', 'A,27" Monitor,1,2'],
    ['followed by more text', '"A" Ltd,EDR,1,2'],
  ])('with a quote %s is refused', (_, row) => {
    expect(failure(`${TITLES}\n${row}`)).toMatchObject({
      error: 'ConfigurationError',
      message: expect.stringContaining('not a CSV file: '),
    });
  });

  test('without a row is refused', () => {
    expect(failure(`${TITLES}\n\n`).message).toBe('billed.csv: no row could be read');
  });

  test('is of the day that the settings name, in every time zone', () => {
    const text = bytesOf(`${TITLES}\nA,EDR,1,2`);
    const labels = ['2026-11-28', '2026-11-29T01:00:00Z'].map((asOf) => {
      const settings = settingsOf({ asOf });
      const period = periodOf('current', '2026-12-01');
      return readBilledCsv({
        ...{ bytes: text, modified: '2026-12-01T08:00:00Z', today: '2026-12-01', timeZone: 'America/Los_Angeles' },
        ...{ settings, period },
      }).label;
    });
    expect(labels).toEqual(['billed.csv of 2026-11-28', 'billed.csv of 2026-11-28']);
  });

  test('older than maxAgeDays is read, and every line shows its age', () => {
    const old = { modified: '2026-11-20T08:00:00Z' };
    expect(only({}, {}, old).notes).toEqual(['billed.csv is 11 days old (of 2026-11-20)']);
    expect(only({}, { maxAgeDays: 11 }, old).notes).toEqual([]);
    expect(only({}, { asOf: '2026-11-30' }, old)).toMatchObject({ billedFrom: 'billed.csv of 2026-11-30', notes: [] });
  });
});

describe('the titles', () => {
  test('are matched in any case and order, and by their aliases', () => {
    const text = 'qty,ITEM, client  name ,Ext Price,Shoe Size\n3,EDR,Contoso,12.00,44';
    const side = read(text, { currency: 'USD' });
    expect(side.lines[0]).toMatchObject({ quantity: { value: '3' }, product: { name: 'EDR' }, amount: '12' });
    expect(side.notes).toEqual(['billed.csv: columns not used: Shoe Size']);
  });

  test('two for one column are refused, unless the settings choose one', () => {
    const text = 'Company,Product,Quantity,Price,Rate\nA,EDR,1,2,3';
    expect(failure(text).message).toContain('"Price" and "Rate" both mean Unit Price');
    expect(read(text, { columns: { 'Unit Price': 'Rate' } }).lines[0]?.price?.amount).toBe('3');
    expect(failure(text, { columns: { 'Unit Price': 'Sum' } }).message).toContain('no column "Sum"');
  });

  test('a description is the product only if no other column is', () => {
    const text = (titles: string) => read(`Company,Quantity,${titles}\nA,1,x,y`).lines[0]?.product.name;
    expect([text('Description,Unit Cost'), text('Description,Product')]).toEqual(['x', 'y']);
  });

  test('name what is missing', () => {
    expect(failure('Price,Rate2\n1,2').message).toMatch(/Company Id or Company; .*Product; .*Quantity/u);
  });
});

describe('a number', () => {
  const quantity = (cell: string, decimal: '.' | ',' = '.') => only({ Quantity: cell }, { decimal }).quantity;

  test.each([
    ['1,234.5', '.', '1234.5'],
    ['1.234,5', ',', '1234.5'],
    ['12,5', ',', '12.5'],
    ['1,234', '.', '1234'],
    ['$ 12.50', '.', '12.5'],
    ['(3)', '.', '-3'],
    ['-0.25', '.', '-0.25'],
    ["'-4", '.', '-4'],
  ] as const)('%s under %s is %s', (cell, decimal, value) => {
    expect(quantity(cell, decimal)).toEqual({ value });
  });

  test.each(['1.234,5', '12,34', '1,23,456', 'twelve', '1e3', '--2', '(-2)', '(+2)', '1 or 2'])(
    '%s is refused, not repaired',
    (cell) => {
      expect(refusal(`A,EDR,"${cell}",1`)).toContain('row 8: Quantity: expected a number');
    },
  );

  test('a file in which all of them can be read two ways is read by the setting, with a remark', () => {
    const note = 'billed.csv: 1,234 could be read two ways; read with "." as the decimal sign';
    expect(read(`${TITLES}\nA,EDR,"1,234",2`, { currency: 'USD' }).notes).toEqual([note]);
    expect(read(`${TITLES}\nA,EDR,"1,234",2.50`, { currency: 'USD' }).notes).toEqual([]);
  });
});

describe('a day', () => {
  const from = (cell: string, dateFormat = 'YYYY-MM-DD') => only({ 'Effective From': cell }, { dateFormat }).from;

  test('is ISO, or in the declared form', () => {
    expect(from('2026-04-03')).toBe('2026-04-03');
    expect(from('03/04/2026', 'DD/MM/YYYY')).toBe('2026-04-03');
    expect(from('3/4/2026', 'M/D/YYYY')).toBe('2026-03-04');
    expect(from('2026-04-03T00:00:00Z', 'DD/MM/YYYY')).toBe('2026-04-03');
  });

  test('of a year that means that none is set leaves the line open', () => {
    expect(only({ 'Effective From': '2024-01-01', enddate: '1900-01-01T00:00:00' }).to).toBeNull();
    expect(only({ 'Effective To': '01/01/0001' }, { dateFormat: 'DD/MM/YYYY' }).to).toBeNull();
    expect(only({ 'Invoice Date': '1900-01-01' })).toMatchObject({ from: null, to: null });
  });

  test.each(['03/04/2026', '2026-02-30', 'soon', '2026-04-03T22:00:00Z'])('%s is refused, never guessed', (cell) => {
    expect(refusal(`A,EDR,1,${cell}`, 'Company,Product,Quantity,Effective From')).toContain(
      'Effective From: expected a date',
    );
  });

  test('of an invoice means its month', () => {
    const dated = only({ 'Invoice Date': '2026-12-05' });
    expect(dated).toMatchObject({ from: '2026-12-01', to: '2026-12-31', quantitySource: 'invoiced' });
    expect(only({ 'Invoice Date': '2026-11-05' })).toMatchObject({ to: '2026-11-30' });
    expect(only({ 'Invoice Date': '2026-11-05', 'Effective From': '2026-01-01' })).toMatchObject({ to: null });
  });

  test('without any, the file is about the current month only', () => {
    expect(only({})).not.toHaveProperty('doubt');
    expect(only({}, {}, { month: 'next' }).doubt).toMatchObject({ kind: 'other-period' });
  });

  test('without any in some row, the file may lack lines of another month', () => {
    const mayLackLines = (rows: string, month: string) =>
      read(`Company,Product,Quantity,Effective From\n${rows}`, {}, { month }).mayLackLines;
    expect(mayLackLines('A,EDR,1,', 'current')).toBeUndefined();
    expect(mayLackLines('A,EDR,1,', 'next')).toBe(true);
    expect(mayLackLines('A,EDR,1,\nB,EDR,1,2026-01-01', 'next')).toBe(true);
    expect(mayLackLines('A,EDR,1,2026-01-01\nB,EDR,1,2026-01-01', 'next')).toBeUndefined();
  });
});

describe('a row', () => {
  test('blank rows are skipped and counted', () => {
    const side = read(`${TITLES}\nA,EDR,1,2\n\n , ,,\nB,EDR,1,2`);
    expect(side.receipt).toMatchObject({ file: { rows: 2, blank: 2 } });
    expect(side.lines.map(({ id }) => id)).toEqual(['row 2', 'row 5']);
  });

  test('without a quantity is a fault and not 0, and affects only its company', () => {
    const side = read(`${TITLES}\n${'A,EDR,1,2\n'.repeat(5)}B,EDR,,2`, { currency: 'USD' });
    expect(side).toMatchObject({
      status: 'partial',
      notes: ['billed.csv: row 7: Quantity: expected a number, found nothing'],
    });
    expect(side.customers).toEqual([
      { id: 'A', name: 'A', idOf: 'billed-csv', aliases: [] },
      {
        id: 'B',
        name: 'B',
        idOf: 'billed-csv',
        aliases: [],
        failure: { error: 'ConfigurationError', message: 'row 7: Quantity: expected a number, found nothing' },
      },
    ]);
  });

  test('that could belong to any company fails the file, and so do too many faulty ones', () => {
    expect(failure(`${TITLES}\n${'A,EDR,1,2\n'.repeat(9)},EDR,1,2`).message).toContain('may belong to any company');
    expect(failure(`${TITLES}\nA,EDR,1,2\nB,EDR,x,2`).message).toContain('1 of 2 rows could not be read');
  });

  test('called total is refused, and affects no company', () => {
    const side = read(`${TITLES}\n${'A,EDR,1,2\n'.repeat(5)}Total,,5,10`);
    expect(side.status).toBe('partial');
    expect(side.customers).toEqual([{ id: 'A', name: 'A', idOf: 'billed-csv', aliases: [] }]);
  });

  test('is a line, although its company or product begins with the word total', () => {
    const { status, lines } = read(`${TITLES}\nTotal Wine,EDR,5,2\nContoso,Total Security,3,4`);
    expect(status).toBe('collected');
    expect(lines.map(({ customer, quantity }) => [customer.id, quantity])).toEqual([
      ['Total Wine', { value: '5' }],
      ['Contoso', { value: '3' }],
    ]);
    expect(refusal('Contoso,Total Security,,4')).toContain('Quantity: expected a number, found nothing');
    expect(refusal('Total Wine,,5,2')).toContain('is a total');
    expect(refusal('Contoso,Total,5,2')).toContain('is a total');
    expect(refusal('Total for Contoso,EDR,5,2')).toContain('is a total');
  });

  test('with a delimiter or a line break too many may belong to any company, unless its id stands first', () => {
    const good = 'Backup,Contoso,1,9\n'.repeat(9);
    const rows = [
      'Backup, 1 TB,Contoso,1,9',
      'Total, Security,Contoso,1,9',
      'Backup,Contoso',
      'Total SecurityContoso,1,9',
    ];
    for (const row of rows) {
      const { message } = failure(`Product,Company,Quantity,Unit Price\n${good}${row}`);
      expect(message).toMatch(/may belong to any company; row 11: has . cells, but there are 4 titles/u);
    }
    const byId = read(
      `Company Id,Product,Quantity\n${'contoso,EDR,1\n'.repeat(9)}fabrikam,Backup,1\nfabrikam,Backup, 1 TB,1`,
    );
    expect(byId.customers).toMatchObject([
      { id: 'contoso' },
      { id: 'fabrikam', failure: { message: expect.stringMatching(/^row 12: has 4/u) } },
    ]);
    expect(byId.customers[0]).not.toHaveProperty('failure');
    const joined = failure(`Company Id,Product,Quantity\n${'a,EDR,1\nb,EDR,1\n'.repeat(9)}a,EDR,1b,EDR,1`);
    expect(joined.message).toContain('may belong to any company');
  });

  test.each([
    ['A,,1,2', 'has no product'],
    ['Good,EDR,1', 'has 3 cells, but there are 4 titles'],
  ])('%s is refused', (cells, message) => {
    expect(refusal(cells)).toContain(message);
  });

  test.each([
    ['Billable', 'perhaps', 'expected yes or no'],
    ['Currency', 'dollars', 'expected a currency code'],
    ['Period', 'weekly', 'expected monthly, quarterly, annual, one-time, usage'],
    ['Quantity Source', 'guessed', 'expected fixed, calculated, synced, invoiced'],
    ['Line Id', '7.12E+15', 'was an id before a spreadsheet rounded it'],
  ])('with an impossible %s is refused', (column, cell, message) => {
    expect(refusal(`A,EDR,1,${cell}`, `Company,Product,Quantity,${column}`)).toContain(message);
  });

  test.each([
    ['Billable', true],
    ['Do Not Bill', false],
    ['NoCharge', false],
    ['TRUE', true],
  ])('%s in the column Bill is read', (Bill, billable) => {
    expect(only({ Bill }).billable).toBe(billable);
  });

  test('the same line id twice is refused', () => {
    expect(failure('Company,Product,Quantity,Line Id\nA,EDR,1,7\nA,EDR,1,7').message).toContain('7 appears twice');
  });

  test('of another cycle has its price for that cycle; one-time and usage lines are not recurring', () => {
    expect(only({ Period: 'Annual', 'Unit Price': '120' }).price).toEqual({ amount: '120', months: 12 });
    expect(only({ 'Unit Price': '9' }, { period: 'quarterly' }).price).toEqual({ amount: '9', months: 3 });
    expect(only({ Period: 'usage' }).kind).toBe('other');
  });

  test('with a text that looks like a formula stays text, without the mark that keeps a spreadsheet from running it', () => {
    expect(only({ Product: "'=EDR" }).product.name).toBe('=EDR');
    expect(only({ Product: "'n Sync" }).product.name).toBe("'n Sync");
  });
});

describe('the customer of a row', () => {
  test('is its id if there is one, of the company or of the PSA; else the text with its spaces collapsed', () => {
    const of = (cells: Record<string, string>, more?: Partial<FileSettings>) => only(cells, more).customer;
    expect(of({ 'Company Id': '17' })).toEqual({ id: '17', name: 'Contoso', idOf: 'organizations' });
    expect(of({ 'Company Id': '17' }, { idOf: 'halopsa' })).toEqual({ id: '17', name: 'Contoso', idOf: 'halopsa' });
    expect(of({ Company: ' Contoso   Ltd' })).toEqual({ id: 'Contoso Ltd', name: 'Contoso Ltd', idOf: 'billed-csv' });
  });

  const row = (ids: Record<string, string[]>, more: Record<string, unknown> = {}) => {
    const organizations = [company('a', { agents: ['1'], ...ids }, { name: 'Contoso Ltd' })];
    const side = read('Company,Product,Quantity\nContoso  Ltd,EDR,12', undefined, {
      today: '2026-11-22',
    });
    const billing = settings({ source: { file: 'billed.csv', ...more } });
    return compared({ organizations, outcomes: [workstations({ 1: 12 })], sides: [side], billing });
  };

  test('is mapped by its text in organizations.json; a name alone does not map', () => {
    expect(rowOf(row({ 'billed-csv': ['Contoso   Ltd'] }), 'a').state).toBe('matched');
    const unclaimed = row({});
    expect(rowOf(unclaimed, 'a').reason).toBe('no id at billed-csv');
    expect(unclaimed.rows.map(({ reason }) => reason)).toContain('customer that no company claims');
  });

  test('with matchByName is the company whose name is exactly the text', () => {
    expect(rowOf(row({}, { matchByName: true }), 'a').state).toBe('matched');
  });
});

test('a price without a currency is reported with what to add, because its differences have no money', () => {
  const note =
    'billed.csv: 1 line has a price but no currency, so their differences are not shown in money; ' +
    'add a column Currency, or "currency" next to "file" in billing.json';
  expect(read(`${TITLES}\nA,EDR,1,2`).notes).toEqual([note]);
  expect(read('Company,Product,Quantity\nA,EDR,1').notes).toEqual([]);
});

describe('a grouped report', () => {
  const grouped =
    'Customer,Product/Service,Qty,Sales Price,Amount\nContoso,,,,\n,EDR,12,4.00,48.00\n,Backup,1,9.00,9.00\nTotal for Contoso,,13,,57.00\n';

  test('is refused, with advice', () => {
    expect(failure(grouped).message).toContain('export ungrouped, or set "grouped": true');
  });

  test('is read if the settings allow it, and its totals are checked', () => {
    const side = read(grouped, { grouped: true });
    expect(side.status).toBe('collected');
    expect(side.lines.map(({ customer, id }) => [customer.id, id])).toEqual([
      ['Contoso', 'row 3'],
      ['Contoso', 'row 4'],
    ]);
    const others = `Fabrikam,,,,\n${',EDR,1,4.00,4.00\n'.repeat(4)}`;
    const wrong = read(grouped.replace('57.00', '58.00') + others, { grouped: true });
    expect(wrong.customers).toMatchObject([
      { id: 'Contoso', failure: { message: 'row 5: Line Amount: the rows above add up to 57, not to 58' } },
      { id: 'Fabrikam' },
    ]);
    expect(wrong.customers[1]).not.toHaveProperty('failure');
  });

  test('has an unchecked total if an amount is missing, because that is not 0', () => {
    const { status, notes } = read(grouped.replace('12,4.00,48.00', '12,4.00,'), { grouped: true });
    expect(status).toBe('collected');
    expect(notes).toContain(
      'billed.csv: a total was not checked against the rows above: row 5: not every row above it has a Line Amount',
    );
  });

  test('has an unchecked total if a row above it was refused', () => {
    const others = `Fabrikam,,,,\n${',EDR,1,4.00,4.00\n'.repeat(8)}`;
    const { customers, notes } = read(grouped.replace('12,4.00,48.00', 'many,4.00,48.00') + others, { grouped: true });
    expect(customers.filter(({ failure }) => failure !== undefined)).toMatchObject([
      { id: 'Contoso', failure: { message: expect.stringMatching(/^row 3: Quantity/u) } },
    ]);
    expect(notes).toContain('billed.csv: a total was not checked against the rows above: row 5: row 3 was refused');
  });

  test('can end with a total of the whole file, which is compared with all rows', () => {
    const more = 'Fabrikam,,,,\n,EDR,1,4.00,4.00\nTotal for Fabrikam,,1,,4.00\n';
    expect(read(`${grouped}${more}TOTAL,,14,,61.00\n`, { grouped: true, currency: 'USD' }).notes).toEqual([]);
    const { message } = failure(`${grouped}${more}TOTAL,,14,,70.00\n`, { grouped: true });
    expect(message).toContain('row 9: Line Amount: the rows above add up to 61, not to 70');
    // The last group has no total of its own; the missing row can still be anybody's.
    const open = 'Fabrikam,,,,\n,EDR,1,4.00,4.00\n';
    expect(failure(`${grouped}${open.repeat(6)}TOTAL,,14,,99.00\n`, { grouped: true }).message).toContain(
      'may belong to any company',
    );
  });

  test('can have a company whose name begins with the word total', () => {
    const side = read(`${grouped}Total Wine,,,,\n,EDR,1,4.00,4.00\nTotal for Total Wine,,1,,4.00\n`, { grouped: true });
    expect([side.status, side.lines.at(-1)?.customer.id]).toEqual(['collected', 'Total Wine']);
  });

  test('fails a company if rows are missing above its total', () => {
    const others = `Fabrikam,,,,\n${',EDR,1,4.00,4.00\n'.repeat(8)}`;
    const { customers } = read(`${grouped.split('\n')[0]}\nContoso,,,,\nTotal for Contoso,,13,,57.00\n${others}`, {
      grouped: true,
    });
    expect(customers.map(({ id, failure }) => [id, failure?.error])).toEqual([
      ['Fabrikam', undefined],
      ['Contoso', 'ConfigurationError'],
    ]);
  });
});
