import { describe, expect, it } from 'vitest';
import { readCadence } from '../../infra/cadence.ts';
import { readSettings } from '../../infra/settings.ts';

describe('the schedule', () => {
  it.each([
    ['daily', 'cron(30 6 * * ? *)', 24],
    ['weekly', 'cron(30 6 ? * MON *)', 7 * 24],
    ['monthly', 'cron(30 6 1 * ? *)', 31 * 24],
    ['cron(0 5 ? * 2#1 *)', 'cron(0 5 ? * 2#1 *)', 35 * 24],
    ['cron(0 5 L * ? *)', 'cron(0 5 L * ? *)', 31 * 24],
    ['cron(0 5 L-3 * ? *)', 'cron(0 5 L-3 * ? *)', 31 * 24],
    ['cron(0 5 1,30 * ? *)', 'cron(0 5 1,30 * ? *)', 31 * 24],
    ['cron(0 5 31 * ? *)', 'cron(0 5 31 * ? *)', 62 * 24],
    ['cron(0 5 15W * ? *)', 'cron(0 5 15W * ? *)', 33 * 24],
    ['cron(0 5 ? * 2#5 *)', 'cron(0 5 ? * 2#5 *)', 119 * 24],
    ['cron(0 5 ? * MON-FRI *)', 'cron(0 5 ? * MON-FRI *)', 7 * 24],
    ['cron(0 5 * * ? *)', 'cron(0 5 * * ? *)', 24],
    ['cron(0 5 1 1,7 ? *)', 'cron(0 5 1 1,7 ? *)', 366 * 24],
  ])('%s', (schedule, expression, longestGapHours) => {
    expect(readCadence(schedule, '06:30')).toEqual({ expression, longestGapHours });
  });

  it.each(['fortnightly', 'Monthly', 'cron(0 5 1 * *)', 'cron(0 5 1 * 1 *)', 'cron(0 5 ? * ? *)', 'rate(1 day)', ''])(
    'refuses %j and says what is expected',
    (schedule) => {
      expect(() => readCadence(schedule, '06:30')).toThrow(
        /schedule: expected daily, weekly, monthly, or cron\(minutes hours .*\); found|schedule: expected daily, weekly, monthly/u,
      );
    },
  );

  it.each([
    ...['cron(99 6 1 * ? *)', 'cron(0 25 1 * ? *)', 'cron(0 6 32 * ? *)', 'cron(0 6 0 * ? *)', 'cron(0 6 1 13 ? *)'],
    ...[
      'cron(0 6 30 2 ? *)',
      'cron(0 6 31 4,6,SEP ? *)',
      'cron(0 6 ? * 8 *)',
      'cron(0 6 ? * FOO *)',
      'cron(0 6 1 * ? 2020)',
    ],
    ...[
      'cron(0 6 5-1 * ? *)',
      'cron(0 6/0 1 * ? *)',
      'cron(0 6 1W,2 * ? *)',
      'cron(0 6 ? * MON#6 *)',
      'cron(0 6 L-31 * ? *)',
      'cron(0 6 29 2 ? 2027)',
      'cron(0 6 L-29 FEB ? *)',
      'cron(0 6 ? 13 MON *)',
    ],
  ])('refuses %s, which AWS refuses or which never comes', (schedule) => {
    expect(() => readCadence(schedule, '06:30', 2026)).toThrow('schedule: expected daily, weekly, monthly, or cron(');
  });

  it.each([
    ...['cron(0/30 6-8 ? * MON-FRI *)', 'cron(0 6 1,15 JAN-JUN ? *)', 'cron(0 6 LW * ? *)', 'cron(0 6 ? * 6L *)'],
    ...[
      'cron(0 6 29 2 ? *)',
      'cron(0 6 29 2 ? 2027,2028)',
      'cron(0 6 L-28 FEB ? *)',
      'cron(0,30 6 ? * L *)',
      'cron(0 6 1 * ? 2020-2026)',
      'cron(0 6 1-31/2 2 ? *)',
    ],
  ])('takes %s', (schedule) => {
    expect(readCadence(schedule, '06:30', 2026).expression).toBe(schedule);
  });

  it.each(['6:30', '24:00', '06:60', 'noon'])('refuses the time %s', (time) => {
    expect(() => readCadence('daily', time)).toThrow('time: expected a time of day such as 06:30');
  });
});

describe('the settings of a deployment', () => {
  it('are monthly, in UTC, kept for 400 days by default', () => {
    const { stackName, properties } = readSettings({});
    expect(stackName).toBe('BillingCountReport');
    expect(properties).toMatchObject({ timeZone: 'UTC', cadence: { expression: 'cron(30 6 1 * ? *)' } });
    expect(properties.runsKeptDays).toBe(400);
  });

  it('accept numbers as text from the command line', () => {
    expect(readSettings({ runsKeptDays: '30' }).properties.runsKeptDays).toBe(30);
  });

  it('leave what is CDK’s own to CDK', () => {
    expect(() =>
      readSettings({ 'aws:cdk:version-reporting': true, '@aws-cdk/core:permissionsBoundary': {} }),
    ).not.toThrow();
  });

  it('treat an empty value as absent', () => {
    expect(readSettings({ sender: '' }).properties.sender).toBeUndefined();
  });

  it.each([
    [{ timeZone: 'Vienna' }, 'timeZone: expected an IANA time zone such as Europe/Vienna or UTC; found "Vienna"'],
    [{ timeZone: '+02:00' }, 'timeZone: expected an IANA time zone such as Europe/Vienna or UTC; found "+02:00"'],
    [{ schedule: 'hourly' }, 'schedule: expected daily, weekly, monthly'],
    [{ alarmEmail: 'noc' }, 'setting alarmEmail: expected one address'],
    [{ sender: 'a@b.example, c@d.example' }, 'setting sender'],
    [{ runsKeptDays: 'forever' }, 'setting runsKeptDays'],
    [{ alarmMail: 'noc@b.example', timezone: 'UTC' }, 'there is no setting alarmMail, timezone; there are stackName, '],
  ])('refuse %j', (context, message) => {
    expect(() => readSettings(context)).toThrow(message);
  });
});
