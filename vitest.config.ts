import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Only what hangs takes as long: a busy machine takes many times what an idle one does.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    maxWorkers: '100%', // by default a core stays idle, of two
    // What files import is loaded once a worker, not once a file. So no file may leave anything behind in a module, a
    // mock included.
    isolate: false,
    // Node loads the files itself, as everywhere else. Through Vite they would take a fifth more processor time.
    experimental: { viteModuleRunner: false },
    sequence: { sequencer: LongestFirst },
    globalSetup: ['test/temporary-folder.ts'],
    // .ci/run reads the totals from the file.
    reporters:
      process.env.CI === undefined ? ['default'] : ['default', ['json', { outputFile: 'reports/vitest.json' }]],
  },
});
