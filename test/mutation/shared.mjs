/** What the mutation checks of both rooms have in common. */
export const shared = {
  testRunner: 'vitest',
  coverageAnalysis: 'perTest',
  concurrency: 2,
  timeoutMS: 5000,
  timeoutFactor: 2,
  reporters: ['progress-append-only', 'clear-text', 'json'],
  clearTextReporter: { allowColor: false, allowEmojis: false, reportTests: false },
  // The runner would rewrite tsconfig.json with an interface that TypeScript 7 no longer has; nothing here reads that
  // file.
  ignorePatterns: [
    'tsconfig.json',
    'cdk.out',
    'out',
    'dist',
    'coverage',
    'reports',
    'docs',
    'infra',
    'test/big',
    'test/infra',
  ],
};
