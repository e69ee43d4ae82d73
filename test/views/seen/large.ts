import { reportPage } from '../../../lambdas/page/page.ts';
import type { Cell, Report, ReportColumn, ReportRow } from '../../../lambdas/report/report.ts';
import { reportWorkbook } from '../../../lambdas/workbook/workbook.ts';
import { peakMegabytes } from '../../peak-memory.ts';
import { receipt } from '../../report/sample.ts';

/*
 * Makes one view (argument 1: `workbook` or `page`) of 5,000 companies with 404 columns, and prints what it took as
 * JSON. Of the cells a tenth is blank, a fifth has a number other than 0, and the zeros of product columns are not
 * written.
 */

const COMPANIES = 5000;
const COLUMNS = 404;
const FIXED = 70;
const VENDORS = 19;

const columns = Array.from(
  { length: COLUMNS },
  (_, index): ReportColumn => ({
    title: `Vendor ${index % VENDORS} Product ${index} Annual Commitment, billed monthly`,
    integration: `vendor-${index % VENDORS}`,
    type: 'number',
    appears: index < FIXED ? 'always' : 'product',
    definition: 'active subscriptions',
  }),
);

const rows = Array.from({ length: COMPANIES }, (_, company): ReportRow => {
  const cells = new Map<string, Cell>();
  for (const [index, { title, appears }] of columns.entries()) {
    const draw = (company * 7 + index * 13) % 100;
    if (draw < 5) cells.set(title, { state: 'unmapped' });
    else if (draw < 10) cells.set(title, { state: 'failed', error: 'VendorAuthError' });
    else if (appears === 'always' || draw > 89) cells.set(title, { state: 'counted', value: draw });
  }
  const gaps = [{ integration: 'vendor-3', state: 'failed', detail: 'VendorAuthError' } as const];
  return {
    organization: { id: `company-${company}`, name: `Company Number ${company}` },
    cells,
    gaps,
    dataQuality: 'Vendor 3: failed (VendorAuthError); Vendor 5: unmapped',
  };
});

const report: Report = {
  runId: 'large',
  asOf: '2026-11-22T06:30:00Z',
  managingOrganization: { id: 'msp', name: 'MSP' },
  columns,
  rows,
  unmapped: [],
  ambiguous: [],
  withheld: [],
  notFound: [],
  integrations: Array.from({ length: VENDORS }, (_, vendor) => ({
    integration: `vendor-${vendor}`,
    name: `Vendor ${vendor}`,
    status: 'collected',
    customers: COMPANIES,
    receipt,
  })),
};

const started = performance.now();
const bytes =
  process.argv[2] === 'workbook'
    ? (await reportWorkbook({ report })).length
    : Buffer.byteLength(reportPage({ report }));
console.log(
  JSON.stringify({
    bytes,
    milliseconds: Math.round(performance.now() - started),
    megabytes: peakMegabytes(),
  }),
);
