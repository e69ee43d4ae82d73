import { shared } from './shared.mjs';

export default {
  ...shared,
  mutate: ['lambdas/vendor/**/*.ts'],
  vitest: { configFile: 'test/mutation/vendor.vitest.config.ts', related: false },
  jsonReporter: { fileName: 'reports/mutation-vendor.json' },
};
