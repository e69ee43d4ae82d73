import { ratioRows } from './ratios.ts';

/*
 * `npm run bench [-- COMPANIES SCALE --base DIR]`: every benchmark in turn, and at the end the ratios of this run next
 * to their targets. Ratios to another build need `--base`, those to the peers Python 3.11. Each part also runs alone.
 */
for (const part of ['collectors', 'sources', 'pipeline', 'starts', 'units']) {
  console.log(`\n${part}`);
  await import(`./${part}.ts`);
}
console.table(ratioRows());
