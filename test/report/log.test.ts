import { describe, expect, test } from 'vitest';
import { automationLog, logEntry, reportEntries } from '../../lambdas/report/log.ts';
import type { Report } from '../../lambdas/report/report.ts';
import { AS_OF, collected, company, customer, receipt, reportOf } from './sample.ts';

describe('the automation log', () => {
  test('carries the worst of its entries', () => {
    const fine = logEntry('a', 1000, 'fine', AS_OF);
    const warning = logEntry('b', 1001, 'careful', AS_OF, { count: 1 });
    const error = logEntry('c', 2000, 'broken', AS_OF);
    expect(automationLog([], {})).toMatchObject({ status_code: 1000, succeeded: true, entries: [] });
    expect(automationLog([fine, warning], {})).toMatchObject({
      status_code: 1001,
      succeeded: true,
      warnings: ['careful'],
      errors: [],
    });
    expect(automationLog([error, warning], { runId: 'r' })).toEqual({
      status_code: 2000,
      succeeded: false,
      data: { runId: 'r' },
      errors: ['broken'],
      warnings: ['careful'],
      entries: [error, warning],
    });
  });

  test('keeps a message in one line, whatever the names in it', () => {
    expect(logEntry('a', 1000, 'x\r\nBcc: y\u001b[2J \u0000z', AS_OF).message).toBe('x Bcc: y [2J  z');
  });

  test('has an entry for each installed integration; a failed one is a warning for the run', () => {
    const report = reportOf(
      [company('a', { agents: ['1'] })],
      [
        collected('agents', [customer('1', {})]),
        { integration: 'edition', outcome: 'failed', error: 'VendorAuthError', message: 'refused' },
        collected('shop', [
          customer('1', {}, { state: 'failed', error: 'VendorUnavailableError', reason: 'down', name: 'Ghost' }),
          customer('2', {}),
        ]),
      ],
    );
    const entries = reportEntries(report, AS_OF);
    const of = (task: string) => entries.find((entry) => entry.task === task);
    expect(of('collect agents')).toMatchObject({
      status_code: 1000,
      message: 'Agents was collected: 1 customer',
      at: AS_OF,
      data: { requests: 3, pages: 2 },
    });
    expect(of('collect edition')).toMatchObject({
      status_code: 1001,
      message: expect.stringContaining('VendorAuthError'),
    });
    expect(of('collect shop')).toMatchObject({
      status_code: 1001,
      message: expect.stringContaining('Ghost (1): VendorUnavailableError: down'),
    });
    expect(of('collect tenants')).toBeUndefined();
  });

  test('names companies with a dead id, ambiguous ids, unmapped customers, notes and disagreeing figures', () => {
    const comparison = { figure: 'agents', counted: 9, declared: 10, tolerance: 0, agrees: false };
    const report = reportOf(
      [company('a', { agents: ['9', '4'] }), company('b', { agents: ['1'] }), company('c', { agents: ['1'] })],
      [
        collected('agents', [customer('1', {}), customer('2', {}), customer('4', { 'Agents Servers': 1 })], {
          notes: ['3 suspended devices counted', 'Agents: 2 of them twice'],
          receipt: { ...receipt, comparisons: [comparison] },
        }),
      ],
    );
    const entries = reportEntries(report, AS_OF).map(({ task, status_code, message }) => [task, status_code, message]);
    expect(entries).toEqual([
      ['collect agents', 1000, 'Agents was collected: 3 customers'],
      ['compare agents', 1001, "Agents: agents: 9 counted, 10 by the vendor's own figure"],
      ['note agents', 1000, 'Agents: 3 suspended devices counted'],
      ['note agents', 1000, 'Agents: 2 of them twice'],
      ['not-found agents', 1001, 'Agents: ids that the vendor does not list: 9 of A'],
      [
        'ambiguous agents',
        1001,
        'Agents: customers mapped to more than one company, or by an id that two customers have, counted for no company: 1 (Customer 1) of B and C',
      ],
      ['withheld agents', 1001, expect.stringContaining('4 (Customer 4) of A')],
      ['unmapped agents', 1001, 'Agents: customers mapped to no company: Customer 2 (2)'],
    ]);
  });
});

describe('the entries of one integration', () => {
  const tasks = (report: Report) => reportEntries(report, AS_OF).map(({ task }) => task);

  test('are its own, and there are none about what did not happen', () => {
    const report = reportOf(
      [company('a', { agents: ['9', '1'] })],
      [collected('agents', [customer('1', {})]), collected('shop', [customer('5', {})])],
    );
    expect(tasks(report)).toEqual([
      'collect agents',
      'not-found agents',
      'withheld agents',
      'collect shop',
      'unmapped shop',
    ]);
  });

  test('hold the figures behind each sentence', () => {
    const comparison = { figure: 'agents', counted: 9, declared: 10, tolerance: 0, agrees: false };
    const agreeing = { ...comparison, figure: 'servers', agrees: true };
    const report = reportOf(
      [company('a', { agents: ['9'] })],
      [
        collected('agents', [customer('1', {}), customer('2', {})], {
          receipt: { ...receipt, comparisons: [comparison, agreeing] },
        }),
        { integration: 'edition', outcome: 'failed', error: 'VendorAuthError', message: 'refused' },
      ],
    );
    expect(reportEntries(report, AS_OF).map(({ task, data }) => [task, data])).toEqual([
      ['collect agents', { status: 'collected', customers: 2, requests: 3, pages: 2, rows: 20, distinct: 20 }],
      ['compare agents', comparison],
      ['not-found agents', { count: 1 }],
      ['unmapped agents', { count: 2 }],
      ['collect edition', { status: 'failed', error: 'VendorAuthError' }],
    ]);
  });

  test('name the cell that could not be read', () => {
    const gaps = { 'Agents Servers': { state: 'failed' as const, reason: 'no member' } };
    const report = reportOf([], [collected('agents', [customer('1', {}, { gaps })])]);
    expect(reportEntries(report, AS_OF)[0]?.message).toBe(
      'Agents was collected in part: Customer 1 (1), Agents Servers: VendorContractError: no member',
    );
  });

  test('say why customers that were read are not shown', () => {
    const report = reportOf([company('a', { agents: ['9', '1'] })], [collected('agents', [customer('1', {})])]);
    const withheld = reportEntries(report, AS_OF).find(({ task }) => task === 'withheld agents');
    expect(withheld?.message).toBe(
      'Agents: customers that were read but are not shown, because another id of their company could not be: 1 (Customer 1) of A',
    );
  });
});

test('a sentence of the log is one line, whatever a name holds', () => {
  expect(logEntry('a', 1000, 'Contoso\r\n\u0007Ltd', AS_OF).message).toBe('Contoso Ltd');
});
