import { describe, expect, it } from 'vitest';
import { readReportOptions, readSandboxOptions, readStartOptions } from '../../scripts/local/options.ts';

const NOW = Date.UTC(2026, 10, 22, 6, 30, 0, 417);

describe('the command line of report', () => {
  it('names a run by the UTC time by default', () => {
    expect(readReportOptions(['--config', 'mine'], NOW)).toEqual({
      config: 'mine',
      out: 'out',
      runId: '20261122T063000Z',
      quiet: false,
      json: false,
    });
  });

  it('accepts every option', () => {
    const args =
      '--config c --out o --run-id r-1 --only huntress,duo --deliver none --organization x --sandbox http://127.0.0.1:9 --quiet --json';
    expect(readReportOptions(args.split(' '), NOW)).toEqual({
      config: 'c',
      out: 'o',
      runId: 'r-1',
      only: ['huntress', 'duo'],
      deliver: 'none',
      organization: 'x',
      sandbox: new URL('http://127.0.0.1:9'),
      quiet: true,
      json: true,
    });
  });

  it('accepts a run id of letters, digits, - and _, in any order', () => {
    for (const id of ['a', '-x', '_9', 'A-1']) {
      expect(readReportOptions(['--config', 'c', `--run-id=${id}`], NOW)).toMatchObject({ runId: id });
    }
  });

  it.each([
    [['--config', 'c', '--colour'], '--colour'],
    [['--config', 'c', 'stray'], 'stray'],
    [[], '--config'],
    [['--config'], '--config'],
    [['--config', 'c', '--run-id', '../up'], '--run-id'],
    [['--config', 'c', '--run-id='], '--run-id'],
    [['--config', 'c', '--since', 'last month'], '--since'],
    [['--config', 'c', '--only', 'huntress,,duo'], '--only'],
    [['--config', 'c', '--sandbox', 'localhost:80'], '--sandbox'],
  ])('refuses %j and names the option', (args, option) => {
    expect(() => readReportOptions(args, NOW)).toThrow(expect.objectContaining({ name: 'ConfigurationError' }));
    expect(() => readReportOptions(args, NOW)).toThrow(option);
  });

  it('gives help on request, whatever else is given', () => {
    expect(readReportOptions(['--help'], NOW)).toBe('help');
    expect(readStartOptions(['-h'], NOW)).toBe('help');
    expect(readSandboxOptions(['--help'])).toBe('help');
  });
});

it('start has its own configuration and sandbox', () => {
  expect(readStartOptions(['--break', 'duo'], NOW)).toMatchObject({ broken: 'duo', out: 'out', month: 'first' });
  expect(readStartOptions(['--psa', 'halopsa'], NOW)).toMatchObject({ psa: 'halopsa' });
  expect(readStartOptions(['--month', 'next'], NOW)).toMatchObject({ month: 'next' });
  expect(() => readStartOptions(['--month', 'june'], NOW)).toThrow('--month: expected next, found "june"');
  expect(() => readStartOptions(['--config', 'c'], NOW)).toThrow('--config');
});

it.each(['-1', '65536', 'http', ''])('sandbox refuses port %j', (port) => {
  expect(() => readSandboxOptions([`--port=${port}`])).toThrow('--port');
});
