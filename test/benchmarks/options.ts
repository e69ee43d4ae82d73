import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  options: {
    base: { type: 'string' },
    companies: { type: 'string', default: '10000' },
    runs: { type: 'string', default: '3' },
  },
  allowPositionals: true,
});

/** Another checkout, which is measured next to this one. */
export const BASE = values.base === undefined ? undefined : resolve(values.base);
/** Companies of the generated report. */
export const COMPANIES = Number(values.companies);
/** How often memory is measured; the median counts. */
export const RUNS = Number(values.runs);
/** Arguments for collectors and sources: how many companies, and by how much they are larger than the demo's. */
export const ESTATE = positionals;
