import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'test/{wire,counting}/**/*.test.ts',
      'test/ninjaone.test.ts',
      'test/mutation/contract.ts',
      // What only few vendors share is covered by their tests.
      'test/collectors/{synnex-australia,td-synnex-stellr,td-synnex-streamone-ion}.test.ts',
      'test/run/{credential-notes,secret-lease}.test.ts',
    ],
    setupFiles: ['test/mutation/setup.ts'],
    // Under instrumentation the largest tests take many times as long.
    testTimeout: 60_000,
    isolate: false,
  },
});
