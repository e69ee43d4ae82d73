import { expect, it } from 'vitest';
import { clockFinding } from '../../lambdas/doctor/clock-finding.ts';
import { type Finding, findingLines, isMissingSomething } from '../../lambdas/doctor/finding.ts';

const finding = (verdict: Finding['verdict'], subject: string): Finding => ({ verdict, subject, sentence: 'so it is' });

it('shows failures first, one per line, in columns', () => {
  const findings = [
    finding('ok', 'Duo'),
    finding('note', 'Huntress'),
    finding('FAIL', 'Pax8'),
    finding('warn', 'Cork'),
  ];
  expect(findingLines(findings)).toEqual([
    'FAIL  Pax8      so it is',
    'warn  Cork      so it is',
    'note  Huntress  so it is',
    'ok    Duo       so it is',
  ]);
  expect(isMissingSomething(findings)).toBe(true);
  expect(isMissingSomething(findings.filter(({ verdict }) => verdict !== 'FAIL'))).toBe(false);
});

it('blames the clock of this machine only if most hosts agree', () => {
  const skew = (seconds: number, host = 'a.example') => ({ host, seconds });
  expect(clockFinding([])).toEqual([]);
  expect(clockFinding([skew(60), skew(-2)])).toEqual([]);
  expect(clockFinding([skew(3600, 'wrong.example'), skew(1), skew(0)])).toEqual([]);
  expect(clockFinding([skew(-600), skew(-601, 'b.example')])).toMatchObject([
    { verdict: 'FAIL', sentence: expect.stringContaining('10 minutes behind a.example, b.example') },
  ]);
  expect(clockFinding([skew(61)])).toMatchObject([{ sentence: expect.stringContaining('61 seconds ahead of') }]);
});
