import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // .ci/run reads the totals from the file.
    reporters:
      process.env.CI === undefined ? ['default'] : ['default', ['json', { outputFile: 'reports/vitest.json' }]],
  },
});
