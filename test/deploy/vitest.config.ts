import { defineConfig } from 'vitest/config';

/** Steps of one story, in order; each begins where the one before it ended. */
export default defineConfig({
  test: {
    include: ['test/deploy/*.spec.ts'],
    testTimeout: 240_000,
    hookTimeout: 240_000,
    bail: 1,
    reporters:
      process.env.CI === undefined ? ['verbose'] : ['verbose', ['json', { outputFile: 'reports/vitest-deploy.json' }]],
  },
});
