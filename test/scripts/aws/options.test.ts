import { describe, expect, it } from 'vitest';
import { readInvokeOptions, readPullOptions, readPushOptions } from '../../../scripts/aws/options.ts';

const NOW = Date.UTC(2026, 10, 22, 6, 30);

describe('push', () => {
  it('needs a directory', () => {
    expect(() => readPushOptions([])).toThrow('--config: expected the directory');
    expect(readPushOptions(['--config', 'x', '--dry-run'])).toEqual({
      config: 'x',
      dryRun: true,
      stack: 'BillingCountReport',
    });
  });
});

describe('pull', () => {
  it('uses the last run by default, and refuses an id that leads elsewhere', () => {
    expect(readPullOptions([])).toEqual({ out: 'out', stack: 'BillingCountReport' });
    expect(() => readPullOptions(['--run-id', '../x'])).toThrow('--run-id: expected');
  });
});

describe('invoke', () => {
  it('names a run by the time, also in its input', () => {
    expect(readInvokeOptions([], NOW)).toMatchObject({
      runId: '20261122T063000Z',
      input: { runId: '20261122T063000Z' },
      sync: false,
    });
  });

  it('passes on what the run should do', () => {
    const args = ['--only', 'duo, huntress', '--since', 'r1', '--deliver', 'none', '--organization', 'o', '--sync'];
    expect(readInvokeOptions(args, NOW)).toMatchObject({
      input: { only: ['duo', 'huntress'], since: 'r1', deliver: 'none', organization: 'o' },
      sync: true,
    });
  });

  it.each([
    [['--repeat'], '--repeat: expected --run-id'],
    [['--deliver', 'pigeon'], '--deliver: expected one of psa, email, return, none'],
    [['--only', 'duo,'], '--only: expected integration ids'],
    [['--run-id', 'a b'], '--run-id: expected'],
    [['--since', '../r1'], '--since: expected'],
    [['--sandbox', 'http://127.0.0.1'], 'sandbox'],
  ])('refuses %j', (args, message) => {
    expect(() => readInvokeOptions(args, NOW)).toThrow(message);
  });
});
