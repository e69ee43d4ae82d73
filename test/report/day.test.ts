import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  dayIn,
  daysAfter,
  isDay,
  isMonth,
  isTimeZone,
  lastDayOf,
  minuteIn,
  monthIn,
  monthInWords,
  monthsAfter,
  readDay,
  readInstant,
} from '../../lambdas/report/day.ts';

const runs = { numRuns: 100 };
const moment = fc.date({ min: new Date('1971-01-01Z'), max: new Date('9999-12-31Z'), noInvalidDate: true });

describe('a moment', () => {
  test('is read with every way to write its offset', () => {
    const noon = Date.UTC(2026, 10, 30, 12);
    for (const text of [
      '2026-11-30T12:00:00Z',
      '2026-11-30T12:00Z',
      '2026-11-30 12:00:00.000z',
      '2026-11-30T13:00:00+01:00',
      '2026-11-30T13:00:00,0+0100',
      '2026-11-30T02:00:00-10',
      '2026-11-30T17:30:00+05:30',
      '2026-11-30T02:30:00-0930',
      ' 2026-11-30T12:00:00Z\n',
    ]) {
      expect([text, readInstant(text)]).toEqual([text, noon]);
    }
    expect(readInstant('2026-11-30T12:00:00', 'Z')).toBe(noon);
  });

  test('reads back whatever this program writes', () => {
    fc.assert(
      fc.property(moment, (date) => {
        expect(readInstant(date.toISOString())).toBe(date.getTime());
      }),
      runs,
    );
  });

  test('was never set if a server writes its first year instead of nothing', () => {
    for (const text of [
      '0001-01-01T00:00:00Z',
      '0001-01-01T00:00:00',
      '1900-01-01 00:00:00Z',
      '1970-01-01T00:00:00Z',
    ]) {
      expect([text, readInstant(text)]).toEqual([text, null]);
    }
    expect(readDay('0001-01-01')).toBeNull();
  });

  test('is refused if it is not a moment, and not guessed', () => {
    for (const text of [
      '2026-11-30T12:00:00', // whose noon?
      '2026-11-30',
      '2026-02-30T00:00:00Z',
      '2026-11-30T25:00:00Z',
      '11/30/2026 12:00',
      'from 2026-11-30T12:00:00Z',
      '2026-11-30T12:00:00Z on',
      'soon',
      '',
    ]) {
      expect(() => readInstant(text), text).toThrow(
        expect.objectContaining({
          name: 'VendorContractError',
          message: `"${text}" is not a date: expected a moment such as 2026-11-30T06:30:00Z`,
        }),
      );
    }
    expect(() => readInstant('<'.repeat(70))).toThrow(`"${'<'.repeat(60)}" is not a date`);
  });
});

describe('a day', () => {
  test('is the one that is written, alone or in a moment', () => {
    expect(readDay('2026-11-30')).toBe('2026-11-30');
    expect(readDay('2026-11-30T23:59:59-10:00')).toBe('2026-11-30');
    expect(readDay('2026-11-30T00:00:00')).toBe('2026-11-30');
    expect(readDay(' 2026-11-30\n')).toBe('2026-11-30');
    for (const text of [
      '2026-02-30',
      '2026-02-30T00:00:00Z',
      'from 2026-11-30T00:00:00Z',
      '2026-11-30T00:00:00Z on',
      '2026-2-3',
      '30.11.2026',
      '2026-11-30x',
    ]) {
      expect(() => readDay(text), text).toThrow(/is not a date: expected a day/u);
    }
  });

  test('is one that the calendar has', () => {
    expect(['2024-02-29', '2026-02-29', '2026-13-01', '2026-00-10'].map(isDay)).toEqual([true, false, false, false]);
    expect(['2026-12', '2026-13', '2026-1'].map(isMonth)).toEqual([true, false, false]);
  });

  test('of a moment is that of the time zone', () => {
    expect(dayIn('2026-11-30T13:30:00Z', 'Australia/Sydney')).toBe('2026-12-01');
    expect(monthIn('2026-11-30T13:30:00Z', 'Australia/Sydney')).toBe('2026-12');
    expect(minuteIn('2026-11-30T13:30:00Z', 'Australia/Sydney')).toBe('2026-12-01 00:30');
    expect(monthIn('2026-12-01T02:00:00Z', 'America/Los_Angeles')).toBe('2026-11');
    expect(monthInWords('2026-12')).toBe('December 2026');
  });

  test('by UTC is the beginning of the text that JavaScript writes', () => {
    fc.assert(
      fc.property(moment, (date) => {
        expect(dayIn(date.getTime(), 'UTC')).toBe(date.toISOString().slice(0, 10));
      }),
      runs,
    );
  });

  test('moves over the ends of months and years', () => {
    expect(daysAfter('2026-12-31', 1)).toBe('2027-01-01');
    expect(daysAfter('2024-03-01', -1)).toBe('2024-02-29');
    expect(monthsAfter('2026-12', 1)).toBe('2027-01');
    expect(monthsAfter('2026-01', -2)).toBe('2025-11');
    expect(['2024-02', '2026-02', '2026-12'].map(lastDayOf)).toEqual(['2024-02-29', '2026-02-28', '2026-12-31']);
  });
});

test('a time zone is an IANA name as it is written there', () => {
  const zones = [
    'UTC',
    'Europe/Vienna',
    'Australia/Sydney',
    'America/Argentina/Ushuaia',
    'Asia/Kolkata',
    'Asia/Calcutta',
  ];
  expect(zones.map(isTimeZone)).toEqual(zones.map(() => true));
  const others = ['+02:00', '-05', 'Europe/Wien', 'europe/vienna', '', 'Mars'];
  expect(others.map(isTimeZone)).toEqual(others.map(() => false));
});
