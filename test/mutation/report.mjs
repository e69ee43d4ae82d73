import { shared } from './shared.mjs';

export default {
  ...shared,
  mutate: ['lambdas/report/**/*.ts'],
  vitest: { configFile: 'test/mutation/report.vitest.config.ts', related: false },
  jsonReporter: { fileName: 'reports/mutation-report.json' },
};
