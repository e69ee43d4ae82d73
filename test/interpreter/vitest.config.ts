import { defineConfig } from 'vitest/config';

/** The branches of the state machine once more, each on both engines. */
export default defineConfig({
  test: {
    include: ['test/statemachine/branches.test.ts'],
    globalSetup: 'test/interpreter/prepare.ts',
    provide: { secondInterpreter: true },
    testTimeout: 120_000,
    reporters: ['verbose'],
  },
});
