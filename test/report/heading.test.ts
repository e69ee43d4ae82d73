import { describe, expect, test } from 'vitest';
import { headingOf, monthOf, periodInWords } from '../../lambdas/report/heading.ts';
import { reportOf } from './sample.ts';

describe('the heading of a report', () => {
  test('gives month, day and moment in the time zone of the report', () => {
    const sydney = headingOf({ ...reportOf([], []), asOf: '2026-11-30T13:30:00Z', timeZone: 'Australia/Sydney' });
    expect(sydney).toEqual({
      month: 'December 2026',
      asOf: '2026-12-01 00:30 Australia/Sydney',
      day: '2026-12-01',
      managingOrganization: 'MSP',
    });
  });

  test('goes by UTC if the report is older than the choice', () => {
    const { timeZone: _, ...old } = reportOf([], []);
    expect(headingOf(old).asOf).toBe('2026-11-22 06:30 UTC');
    expect(monthOf('2026-12-31T23:59:59Z', 'UTC')).toBe('December 2026');
    expect(monthOf('2027-01-01T00:00:00Z', 'UTC')).toBe('January 2027');
  });
});

test('a compared month that was over when the counts were read has their day next to it', () => {
  const words = (period: string) =>
    periodInWords(period, { asOf: '2026-11-30T13:30:00Z', timeZone: 'Australia/Sydney' });
  expect(words('2027-01')).toBe('January 2027');
  expect(words('2026-12')).toBe('December 2026');
  expect(words('2026-11')).toBe('November 2026 (counts of 2026-12-01)');
});

test.each([
  ['01', 'January'],
  ['02', 'February'],
  ['03', 'March'],
  ['04', 'April'],
  ['05', 'May'],
  ['06', 'June'],
  ['07', 'July'],
  ['08', 'August'],
  ['09', 'September'],
  ['10', 'October'],
  ['11', 'November'],
  ['12', 'December'],
])('month %s is called %s', (month, name) => {
  expect(monthOf(`2026-${month}-15T00:00:00Z`, 'UTC')).toBe(`${name} 2026`);
});
