import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'test/vendor/**/*.test.ts',
      'test/mutation/contract.ts',
      // What is shared by few vendors is told by their tests.
      'test/collectors/{synnex-australia,td-synnex-stellr,td-synnex-streamone-ion}.test.ts',
      'test/steps/{credential-notes,secret-lock}.test.ts',
    ],
    setupFiles: ['test/mutation/setup.ts'],
    isolate: false,
  },
});
