import { shared } from './shared.mjs';

export default {
  ...shared,
  mutate: ['lambdas/wire/**/*.ts', 'lambdas/counting/**/*.ts', 'lambdas/ninjaone.ts'],
  vitest: { configFile: 'test/mutation/counting.vitest.config.ts', related: false },
  jsonReporter: { fileName: 'reports/mutation-counting.json' },
};
