import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/report/**/*.test.ts', 'test/vendor/**/*.test.ts'],
    // Modules are loaded once a worker, not once a file: a mutant costs a second less.
    isolate: false,
  },
});
