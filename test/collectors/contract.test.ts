import { describe } from 'vitest';
import { loadRegistry } from '../../lambdas/registry.ts';
import { collectorContract } from './contract.ts';

const { collectors } = await loadRegistry();

describe.each(collectors.map((collector) => [collector.id, collector] as const))('%s', (_, collector) => {
  collectorContract(collector);
});
