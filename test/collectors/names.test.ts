import { expect, it } from 'vitest';
import type { Detail } from '../../lambdas/counting/details.ts';
import { loadRegistry } from '../../lambdas/registry.ts';
import { bench, lifetime } from './run.ts';

const { collectors } = await loadRegistry();

/** Compares what docs/integrations.md shows of a vendor with what its rows have. */
it.each(collectors)('$name names what it declares, and nothing else', async (collector) => {
  const details: Detail[] = [];
  const ended = await lifetime(await bench(collector), {
    details: {
      add: async (some) => void details.push(...some),
      startAgain: async () => void details.splice(0),
    },
  });
  expect(ended.outcome).toBe('complete');
  const units = details.some((detail) => 'unit' in detail);
  expect(units).toBe(collector.names !== undefined);
  const facts = new Set(
    details.flatMap((detail) => ('subscription' in detail ? Object.keys(detail.subscription) : [])).filter(isFact),
  );
  // The sandbox need not have every fact that a real vendor can have.
  for (const fact of facts) expect(collector.names?.terms).toContain(fact);
  expect(facts.size > 0).toBe(collector.names?.terms !== undefined);
});

const isFact = (member: string): boolean =>
  !['customer', 'id', 'product', 'column', 'seller', 'joins'].includes(member);
