import { defineConfig } from 'vitest/config';

/** Views as other programs show them: spreadsheets by LibreOffice and two readers in Python, the page by Chromium. */
export default defineConfig({
  test: {
    include: ['test/views/seen/*.spec.ts'],
    testTimeout: 120_000,
    hookTimeout: 240_000,
    fileParallelism: false,
    reporters:
      process.env.CI === undefined ? ['verbose'] : ['verbose', ['json', { outputFile: 'reports/vitest-views.json' }]],
  },
});
