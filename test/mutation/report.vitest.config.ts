import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/report/**/*.test.ts'],
    setupFiles: ['test/mutation/setup.ts'],
    // Under instrumentation the largest tests take many times as long.
    testTimeout: 60_000,
    isolate: false,
  },
});
