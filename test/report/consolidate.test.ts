import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../lambdas/report/collection.ts';
import type { Column } from '../../lambdas/report/column.ts';
import { consolidate } from '../../lambdas/report/consolidate.ts';
import { cellOf, namesNotAsked, type Report } from '../../lambdas/report/report.ts';
import {
  AS_OF,
  agents,
  catalog,
  cellsOf,
  collected,
  company,
  customer,
  edition,
  MSP,
  product,
  reportJson,
  reportOf,
  rowOf,
  seen,
  shop,
  tenants,
  titles,
} from './sample.ts';

const W = 'Agents Workstations';

describe('what a cell is', () => {
  test('counted: the number that the vendor gave, 0 only if the vendor listed the customer', () => {
    const report = reportOf(
      [company('a', { agents: ['1'] }), company('b', { agents: ['2'] })],
      [collected('agents', [customer('1', { [W]: 12 }), customer('2', {})])],
    );
    expect(seen(report, 'a', W)).toBe(12);
    expect(seen(report, 'b', W)).toBe(0);
    expect(rowOf(report, 'b').dataQuality).toBe('complete');
  });

  test('counted: there is no 0 with a sign', () => {
    const report = reportOf([company('a', { agents: ['1'] })], [collected('agents', [customer('1', { [W]: -0 })])]);
    expect(seen(report, 'a', W)).toBe(0);
  });

  test('unmapped: the company has no id at an installed vendor', () => {
    const report = reportOf([company('a')], [collected('agents', [customer('1', { [W]: 12 })])]);
    expect(seen(report, 'a', W)).toBe('unmapped');
    expect(rowOf(report, 'a').dataQuality).toBe('Agents: unmapped');
  });

  test('none: an empty list says that the company is known to have nothing there, whatever became of the vendor', () => {
    const companies = [company('a', { agents: [], shop: [] }), company('b', { agents: ['1'], shop: ['1'] })];
    const licence = product('Shop Licence');
    const report = reportOf(companies, [
      collected('agents', [customer('1', { [W]: 12 })]),
      collected('shop', [customer('1', { 'Shop Licence': 3 })], { columns: [licence] }),
    ]);
    expect([seen(report, 'a', W), seen(report, 'a', 'Shop Licence')]).toEqual([undefined, undefined]);
    expect(rowOf(report, 'a')).toMatchObject({ dataQuality: 'complete', knownEmpty: ['agents', 'shop'] });
    expect(cellsOf(report, 'a')).toEqual({});
    const down = { integration: 'agents', outcome: 'failed', error: 'VendorAuthError', message: 'refused' } as const;
    expect(rowOf(reportOf(companies, [down]), 'a').dataQuality).toBe('complete');
    expect(rowOf(report, 'b').knownEmpty).toBeUndefined();
  });

  test('not asked: a run that leaves an integration out remarks it in the rows of companies that have an id there', () => {
    const companies = [company('a', { agents: ['1'], shop: ['1'] }), company('b', { agents: ['2'] })];
    const customers = [customer('1', { [W]: 12 }), customer('2', { [W]: 3 })];
    const outcomes = [collected('agents', customers)];
    const report = consolidate({
      ...{ runId: 'r', asOf: AS_OF, timeZone: 'UTC', managingOrganization: MSP, catalog },
      ...{ organizations: companies, outcomes, notAsked: ['shop'] },
    });
    expect(report.notAsked).toEqual(['shop']);
    expect([rowOf(report, 'a').dataQuality, rowOf(report, 'b').dataQuality]).toEqual(['Shop: not asked', 'complete']);
    expect(namesNotAsked(report)).toEqual(['Shop']);
    expect(namesNotAsked({ ...report, notAsked: ['edition', 'gone'] })).toEqual(['Edition', 'gone']);
    const whole = reportOf(companies, outcomes);
    expect(namesNotAsked(whole)).toEqual([]);
    expect(whole).not.toHaveProperty('notAsked');
  });

  test('not-found: the vendor does not list the id, and the report says which', () => {
    const report = reportOf([company('a', { agents: ['9'] })], [collected('agents', [customer('1', {})])]);
    expect(seen(report, 'a', W)).toBe('not-found');
    expect(report.notFound).toEqual([{ integration: 'agents', customerId: '9', claimedBy: ['a'] }]);
  });

  test('ambiguous for both: an id that two companies claim', () => {
    const report = reportOf(
      [company('a', { agents: ['1'] }), company('b', { agents: ['1'] })],
      [collected('agents', [customer('1', { [W]: 5 })])],
    );
    expect([seen(report, 'a', W), seen(report, 'b', W)]).toEqual(['ambiguous', 'ambiguous']);
    expect(report.ambiguous).toMatchObject([{ customerId: '1', counts: { [W]: 5 }, claimedBy: ['a', 'b'] }]);
    expect(report.unmapped).toEqual([]);
  });

  test('ambiguous for both: one claims the id, the other an alias of the same customer', () => {
    const report = reportOf(
      [company('a', { agents: ['1'] }), company('b', { agents: ['one.example'] })],
      [collected('agents', [customer('1', { [W]: 5 }, { aliases: ['one.example'] })])],
    );
    expect([seen(report, 'a', W), seen(report, 'b', W)]).toEqual(['ambiguous', 'ambiguous']);
  });

  test('excluded: the definition leaves the customer out, with the reason', () => {
    const report = reportOf(
      [company('a', { agents: ['1'] })],
      [collected('agents', [customer('1', {}, { state: 'excluded', reason: 'inactive' })])],
    );
    expect(rowOf(report, 'a').cells.get(W)).toEqual({ state: 'excluded', reason: 'inactive' });
    expect(rowOf(report, 'a').dataQuality).toBe('Agents: excluded (inactive)');
  });

  test('failed: the vendor as a whole, for every company that has an id there', () => {
    const report = reportOf(
      [company('a', { agents: ['1'] }), company('b')],
      [{ integration: 'agents', outcome: 'failed', error: 'VendorAuthError', message: 'refused' }],
    );
    expect(rowOf(report, 'a').cells.get(W)).toEqual({ state: 'failed', error: 'VendorAuthError', reason: 'refused' });
    expect(rowOf(report, 'a').dataQuality).toBe('Agents: failed (VendorAuthError)');
    expect(rowOf(report, 'b').dataQuality).toBe('Agents: unmapped');
    expect(report.integrations[0]).toMatchObject({ status: 'failed', error: 'VendorAuthError', message: 'refused' });
  });

  test('failed: one customer, which makes the integration partial', () => {
    const report = reportOf(
      [company('a', { agents: ['1'] }), company('b', { agents: ['2'] })],
      [
        collected('agents', [
          customer('1', {}, { state: 'failed', error: 'VendorAuthError', reason: 'no consent' }),
          customer('2', { [W]: 1 }),
        ]),
      ],
    );
    expect([seen(report, 'a', W), seen(report, 'b', W)]).toEqual(['failed', 1]);
    expect(report.integrations[0]).toMatchObject({
      status: 'partial',
      failures: [{ customerId: '1', error: 'VendorAuthError', message: 'no consent' }],
    });
  });

  test('failed: one cell of a customer, the others keep their counts', () => {
    const gaps = { [W]: { state: 'failed' as const, reason: 'member "count" is missing' } };
    const report = reportOf(
      [company('a', { agents: ['1'] })],
      [collected('agents', [customer('1', { 'Agents Servers': 2 }, { gaps })])],
    );
    expect([seen(report, 'a', W), seen(report, 'a', 'Agents Servers')]).toEqual(['failed', 2]);
    expect(rowOf(report, 'a').dataQuality).toBe(`${W}: failed (VendorContractError)`);
    expect(report.integrations[0]?.status).toBe('partial');
  });

  test('none: the integration is not installed; its fixed columns are there all the same', () => {
    const report = reportOf([company('a')], [{ integration: 'agents', outcome: 'not-installed' }]);
    expect(titles(report)).toEqual([W, 'Agents Servers', 'Edition Users', 'Edition Plan', 'Tenants Seats']);
    expect(JSON.parse(reportJson(report)).rows[0]).toEqual({
      organization: { id: 'a', name: 'A' },
      cells: {},
      dataQuality: 'complete',
    });
    expect(report.integrations.map(({ status }) => status)).toEqual(Array(4).fill('not-installed'));
  });
});

describe('a company with several ids', () => {
  const several = company('a', { agents: ['1', '2'] });

  test('has the sum', () => {
    const report = reportOf(
      [several],
      [collected('agents', [customer('1', { [W]: 0.1 }), customer('2', { [W]: 0.2 })])],
    );
    expect(seen(report, 'a', W)).toBe(0.3);
  });

  test('is not shown a sum of which one part is not found; the other part is reported as withheld', () => {
    const report = reportOf([several], [collected('agents', [customer('1', { [W]: 4 })])]);
    expect(seen(report, 'a', W)).toBe('not-found');
    expect(report.withheld).toMatchObject([{ customerId: '1', counts: { [W]: 4 }, claimedBy: ['a'] }]);
    expect(report.unmapped).toEqual([]);
  });

  test('is failed before not-found, and not-found before ambiguous', () => {
    const failed = customer('1', {}, { state: 'failed', error: 'VendorUnavailableError', reason: 'down' });
    const other = company('b', { agents: ['2'] });
    expect(seen(reportOf([several], [collected('agents', [failed])]), 'a', W)).toBe('failed');
    expect(seen(reportOf([several, other], [collected('agents', [customer('2', {})])]), 'a', W)).toBe('not-found');
    expect(
      seen(reportOf([several, other], [collected('agents', [customer('1', {}), customer('2', {})])]), 'a', W),
    ).toBe('ambiguous');
  });

  test('has what is left when one is left out by definition, and a note', () => {
    const report = reportOf(
      [several],
      [collected('agents', [customer('1', { [W]: 4 }), customer('2', {}, { state: 'excluded', reason: 'suspended' })])],
    );
    expect(seen(report, 'a', W)).toBe(4);
    expect(rowOf(report, 'a').dataQuality).toBe('complete; Agents: note (Customer 2 left out: suspended)');
  });

  test('counts a customer once that two of its ids lead to', () => {
    const report = reportOf([several], [collected('agents', [customer('1', { [W]: 4 }, { aliases: ['2'] })])]);
    expect(seen(report, 'a', W)).toBe(4);
  });

  test('tells of two customers that failed the one with the first id, whatever the order of ids and customers', () => {
    const failed = (id: string, reason: string) =>
      customer(id, {}, { state: 'failed', error: 'VendorAuthError', reason });
    const customers = [failed('2', 'two'), failed('1', 'one')];
    for (const ids of [
      ['1', '2'],
      ['2', '1'],
    ]) {
      for (const listed of [customers, customers.toReversed()]) {
        const report = reportOf([company('a', { agents: ids })], [collected('agents', listed)]);
        expect(rowOf(report, 'a').cells.get(W)).toMatchObject({ state: 'failed', reason: 'one' });
      }
    }
  });

  test('shows every reason once if all of its customers are left out', () => {
    const excluded = (id: string, reason: string) => customer(id, {}, { state: 'excluded', reason });
    const reasons = (...customers: ReturnType<typeof excluded>[]) =>
      rowOf(reportOf([several], [collected('agents', customers)]), 'a').dataQuality;
    const text = 'Agents: excluded (inactive; suspended)';
    expect(reasons(excluded('1', 'suspended'), excluded('2', 'inactive'))).toBe(text);
  });

  test('shows the remarks on each of its customers with the customer’s name if there are several', () => {
    const noted = [customer('1', {}, { notes: ['trial'] }), customer('2', {}, { notes: ['trial'] })];
    const report = reportOf(
      [several, company('b', { agents: ['3'] })],
      [collected('agents', [...noted, customer('3', {}, { notes: ['lagging'] })])],
    );
    expect(rowOf(report, 'a').notes).toEqual(['Agents: Customer 1: trial', 'Agents: Customer 2: trial']);
    expect(rowOf(report, 'b').notes).toEqual(['Agents: lagging']);
    expect(rowOf(report, 'msp')).not.toHaveProperty('notes');
  });

  test('has a number without the customer that is left out of that one column, with a remark', () => {
    const gaps = { [W]: { state: 'excluded' as const, reason: 'not licensed' } };
    const report = reportOf(
      [several],
      [
        collected('agents', [
          customer('1', { [W]: 4, 'Agents Servers': 1 }),
          customer('2', { 'Agents Servers': 2 }, { gaps }),
        ]),
      ],
    );
    expect([seen(report, 'a', W), seen(report, 'a', 'Agents Servers')]).toEqual([4, 3]);
    expect(rowOf(report, 'a').notes).toEqual([`Agents: ${W} without Customer 2: not licensed`]);
  });

  test('has one cell failed if one customer’s number could not be read; the other’s number is withheld, not shown', () => {
    const gaps = { [W]: { state: 'failed' as const, reason: 'gone' } };
    const report = reportOf(
      [several],
      [
        collected('agents', [
          customer('1', { [W]: 4, 'Agents Servers': 1 }),
          customer('2', { 'Agents Servers': 2 }, { gaps }),
        ]),
      ],
    );
    expect([seen(report, 'a', W), seen(report, 'a', 'Agents Servers')]).toEqual(['failed', 3]);
    expect(rowOf(report, 'a')).not.toHaveProperty('notes');
    expect(report.withheld).toStrictEqual([
      { integration: 'agents', customerId: '1', customerName: 'Customer 1', counts: { [W]: 4 }, claimedBy: ['a'] },
    ]);
  });

  test('is not said to lack a text of a customer that is left out altogether', () => {
    const report = reportOf(
      [company('a', { edition: ['1', '2'] })],
      [
        collected('edition', [
          customer('1', { 'Edition Plan': 'Pro' }),
          customer('2', {}, { state: 'excluded', reason: 'inactive' }),
        ]),
      ],
    );
    expect(rowOf(report, 'a').dataQuality).toBe('complete; Edition: note (Customer 2 left out: inactive)');
  });

  test('shows each of its texts once, in order', () => {
    const report = reportOf(
      [company('a', { edition: ['1', '2'] })],
      [
        collected('edition', [
          customer('1', { 'Edition Plan': 'Pro ; Basic' }),
          customer('2', { 'Edition Plan': 'Pro' }),
        ]),
      ],
    );
    expect(seen(report, 'a', 'Edition Plan')).toBe('Basic; Pro');
  });

  test.each([
    ['Pro; Basic; Pro', 'Basic; Pro'],
    [' Pro ', 'Pro'],
    ['Pro;Basic', 'Pro;Basic'],
  ])('shows its texts the same way if they are all of one customer: %j as %j', (plan, text) => {
    const report = reportOf(
      [company('a', { edition: ['1'] })],
      [collected('edition', [customer('1', { 'Edition Plan': plan })])],
    );
    expect(seen(report, 'a', 'Edition Plan')).toBe(text);
  });

  test('reads as the word if one customer has a word instead of a number', () => {
    const report = reportOf(
      [several],
      [collected('agents', [customer('1', { [W]: 4 }), customer('2', { [W]: 'unlimited' })])],
    );
    expect(seen(report, 'a', W)).toBe('unlimited');
  });
});

describe('an id', () => {
  test('is compared in its normal form on both sides', () => {
    const guid = '3b6c1f0e-1111-4222-8333-444455556666';
    const report = reportOf(
      [company('a', { tenants: [guid] })],
      [collected('tenants', [customer(guid.toUpperCase(), { 'Tenants Seats': 3 })])],
    );
    expect(seen(report, 'a', 'Tenants Seats')).toBe(3);
  });

  test.each([
    ["another customer's alias", customer('12', { [W]: 1 }), customer('99', { [W]: 50 }, { aliases: ['12'] })],
    [
      'an alias of two',
      customer('7', { [W]: 1 }, { aliases: ['12'] }),
      customer('9', { [W]: 50 }, { aliases: ['12'] }),
    ],
  ])('that is %s is ambiguous: nobody can say which one was meant', (_, first, second) => {
    const report = reportOf([company('a', { agents: ['12'] })], [collected('agents', [first, second])]);
    expect(seen(report, 'a', W)).toBe('ambiguous');
    expect(report.ambiguous).toMatchObject([
      { customerId: first.id, counts: { [W]: 1 }, claimedBy: ['a'] },
      { customerId: second.id, counts: { [W]: 50 }, claimedBy: ['a'] },
    ]);
  });

  test('that no other customer has counts next to one that is ambiguous for another company', () => {
    const report = reportOf(
      [company('a', { agents: ['900'] }), company('b', { agents: ['77'] })],
      [
        collected('agents', [
          customer('12', { [W]: 1 }, { aliases: ['900'] }),
          customer('77', { [W]: 50 }, { aliases: ['12'] }),
        ]),
      ],
    );
    expect([seen(report, 'a', W), seen(report, 'b', W)]).toEqual([1, 50]);
  });

  test('of a disabled company claims nothing: its customer is unmapped', () => {
    const report = reportOf(
      [company('a', { agents: ['1'] }, { enabled: false }), company('b', { agents: ['2'] })],
      [collected('agents', [customer('1', { [W]: 7 }), customer('2', {})])],
    );
    expect(report.rows.map(({ organization }) => organization.id)).toEqual(['b', 'msp']);
    expect(report.unmapped).toMatchObject([{ customerId: '1', counts: { [W]: 7, 'Agents Servers': 0 } }]);
  });

  test('of a disabled company does not make another company ambiguous', () => {
    const report = reportOf(
      [company('a', { agents: ['1'] }, { enabled: false }), company('b', { agents: ['1'] })],
      [collected('agents', [customer('1', { [W]: 7 })])],
    );
    expect(seen(report, 'b', W)).toBe(7);
  });

  test('of the managing organization counts even when it is disabled', () => {
    const report = reportOf(
      [company('msp', { agents: ['1'] }, { enabled: false })],
      [collected('agents', [customer('1', { [W]: 7 })])],
    );
    expect(seen(report, 'msp', W)).toBe(7);
  });

  test('can have the name of what every object inherits', () => {
    const report = reportOf(
      [company('a', { agents: ['constructor'] }), company('b', { agents: ['__proto__'] })],
      [collected('agents', [customer('constructor', { [W]: 1 })])],
    );
    expect([seen(report, 'a', W), seen(report, 'b', W)]).toEqual([1, 'not-found']);
  });
});

describe('columns', () => {
  test('that appear when used do so only for a row with a value other than 0', () => {
    const printers = (here: number, others: number) =>
      titles(
        reportOf(
          [company('a', { agents: ['1'] })],
          [
            collected('agents', [
              customer('1', { 'Agents Printers': here }),
              customer('2', { 'Agents Printers': others }),
            ]),
          ],
        ),
      ).includes('Agents Printers');
    expect([printers(1, 0), printers(0, 0), printers(0, 3)]).toEqual([true, false, false]);
  });

  test('of products follow the fixed ones by name; a company without one has a true 0 there', () => {
    const report = reportOf(
      [company('a', { shop: ['1'] }), company('b', { shop: ['2'] }), company('c')],
      [
        collected('shop', [customer('1', { 'SHOP beta': 2, 'SHOP Alpha': 1 }), customer('2', { 'SHOP beta': 0 })], {
          columns: [product('SHOP beta'), product('SHOP Alpha'), product('SHOP nobody has it')],
        }),
      ],
    );
    expect(titles(report).slice(-3)).toEqual(['SHOP Alpha', 'SHOP beta', 'Tenants Seats']);
    expect(['a', 'b', 'c'].map((id) => seen(report, id, 'SHOP Alpha'))).toEqual([1, 0, 'unmapped']);
    expect(cellsOf(report, 'b')).toEqual({});
    expect(cellsOf(report, 'a')).toMatchObject({ 'SHOP Alpha': { state: 'counted', value: 1 } });
  });

  describe('of the last delivered report keep their place', () => {
    const printers: Column = {
      ...{ title: 'Agents Printers', type: 'number', appears: 'when-used' },
      definition: 'approved printers',
    };
    const shownLast = new Map([
      ['agents', [printers]],
      ['shop', [product('SHOP beta'), product('SHOP Alpha')]],
    ]);
    const companies = [
      company('a', { agents: ['1'], shop: ['1'] }),
      company('b', { agents: ['2'], shop: ['2'] }),
      company('c'),
    ];
    const thisMonth = (...outcomes: Outcome[]) => reportOf(companies, outcomes, catalog, shownLast);
    const refused = { outcome: 'failed', error: 'VendorAuthError', message: 'refused' } as const;
    const unread = { state: 'failed', error: 'VendorUnavailableError', reason: 'down' } as const;
    const cells = (report: Report, title: string) => ['a', 'b', 'c'].map((id) => seen(report, id, title));

    test('blank and failed where their vendor could not be read', () => {
      const report = thisMonth({ integration: 'agents', ...refused }, { integration: 'shop', ...refused });
      expect(titles(report)).toEqual([
        ...['Agents Workstations', 'Agents Servers', 'Agents Printers', 'Edition Users', 'Edition Plan'],
        ...['SHOP Alpha', 'SHOP beta', 'Tenants Seats'],
      ]);
      for (const title of ['Agents Printers', 'SHOP Alpha', 'SHOP beta']) {
        expect(cells(report, title)).toEqual(['failed', 'failed', 'unmapped']);
      }
      expect(rowOf(report, 'a').dataQuality).toBe('Agents: failed (VendorAuthError); Shop: failed (VendorAuthError)');
    });

    test('where one company could not be read: it may be the one that has something', () => {
      const others = [customer('1', { 'SHOP Gamma': 3, 'SHOP  ALPHA': 1 }), customer('2', {}, unread)];
      const report = thisMonth(
        collected('agents', [customer('1', {}), customer('2', {}, unread)]),
        collected('shop', others),
      );
      expect(titles(report).filter((title) => /^SHOP|Printers/u.test(title))).toEqual([
        ...['Agents Printers', 'SHOP  ALPHA', 'SHOP beta', 'SHOP Gamma'],
      ]);
      expect(cells(report, 'SHOP beta')).toEqual([0, 'failed', 'unmapped']);
      expect(cells(report, 'Agents Printers')).toEqual([0, 'failed', 'unmapped']);
    });

    test('where that one cell of a company could not be read', () => {
      const gaps = { 'Agents Printers': { state: 'failed', reason: 'the list was refused' } } as const;
      const report = thisMonth(collected('agents', [customer('1', {}, { gaps }), customer('2', {})]));
      expect(cells(report, 'Agents Printers')).toEqual(['failed', 0, 'unmapped']);
    });

    test('only then: what nobody has any more goes', () => {
      const report = thisMonth(collected('agents', [customer('1', {}), customer('2', {})]), collected('shop', []));
      expect(titles(report).filter((title) => /^SHOP|Printers/u.test(title))).toEqual([]);
    });
  });

  test('of products have no 0 if the integration was not read', () => {
    const report = reportOf([company('a')], []);
    for (const integration of ['shop', 'nobody']) {
      expect(cellOf(report, rowOf(report, 'a'), { ...product('SHOP A'), integration })).toBeUndefined();
    }
  });

  test('of fixed numbers have no 0 if no cell was written', () => {
    const report = reportOf([company('a', { agents: ['1'] })], [collected('agents', [customer('1', { [W]: 3 })])]);
    const [column] = report.columns;
    if (column === undefined) throw new Error('the report has no column');
    expect(cellOf(report, { ...rowOf(report, 'a'), cells: new Map() }, column)).toBeUndefined();
  });

  test('of products are there even if all that companies have of them is 0', () => {
    const report = reportOf(
      [company('a', { shop: ['1'] })],
      [collected('shop', [customer('1', { 'SHOP A': 0 })], { columns: [product('SHOP A'), product('SHOP B')] })],
    );
    expect(titles(report)).toContain('SHOP A');
    expect(titles(report)).not.toContain('SHOP B');
    expect(seen(report, 'a', 'SHOP A')).toBe(0);
  });

  test('may have a product called as what every object inherits', () => {
    const report = reportOf(
      [company('a', { shop: ['1'] }), company('b', { shop: ['2'] })],
      [
        collected('shop', [customer('1', JSON.parse('{"__proto__": 2, "constructor": 1}')), customer('2', {})], {
          columns: [product('__proto__'), product('constructor')],
        }),
      ],
    );
    expect(['a', 'b'].map((id) => seen(report, id, 'constructor'))).toEqual([1, 0]);
    expect(['a', 'b'].map((id) => seen(report, id, '__proto__'))).toEqual([2, 0]);
  });

  test('that a collector did not declare are shown rather than lost', () => {
    const report = reportOf(
      [company('a', { shop: ['1'] })],
      [collected('shop', [customer('1', { 'SHOP Undeclared': 2 })])],
    );
    expect(seen(report, 'a', 'SHOP Undeclared')).toBe(2);
  });

  test.each([{ 'Edition Plan': '' }, { 'Edition Plan': ' ; ' }, {}])(
    'of text without a value (%j) are excluded, not empty',
    (plan) => {
      const report = reportOf(
        [company('a', { edition: ['1'] })],
        [collected('edition', [customer('1', { 'Edition Users': 3, ...plan })])],
      );
      expect(rowOf(report, 'a').cells.get('Edition Plan')).toEqual({
        state: 'excluded',
        reason: 'not stated by the vendor',
      });
      expect(rowOf(report, 'a').dataQuality).toBe('Edition Plan: excluded (not stated by the vendor)');
    },
  );

  test('that cannot be read are reported even if nobody else has them', () => {
    const gaps = { 'Agents Printers': { state: 'failed' as const, reason: 'gone' } };
    const report = reportOf([company('a', { agents: ['1'] })], [collected('agents', [customer('1', {}, { gaps })])]);
    expect(titles(report)).not.toContain('Agents Printers');
    expect(rowOf(report, 'a').dataQuality).toBe('Agents Printers: failed (VendorContractError)');
  });

  test('of products are there even if the only cell of one could not be read', () => {
    const gaps = { 'SHOP A': { state: 'failed' as const, reason: 'gone' } };
    const report = reportOf([company('a', { shop: ['1'] })], [collected('shop', [customer('1', {}, { gaps })])]);
    expect(seen(report, 'a', 'SHOP A')).toBe('failed');
  });

  test('that cannot be read are reported in the order of the columns, whatever the order in which a vendor has them', () => {
    const gap = { state: 'failed', reason: 'gone' } as const;
    const gaps = { 'SHOP C': gap, 'SHOP A': gap };
    const report = reportOf(
      [company('a', { shop: ['1'] })],
      [collected('shop', [customer('1', { 'SHOP B': 1 }, { gaps })])],
    );
    expect(rowOf(report, 'a').gaps?.map(({ column }) => column)).toEqual(['SHOP A', 'SHOP C']);
  });

  test('carry their definition', () => {
    expect(reportOf([], []).columns[0]).toEqual({
      title: W,
      integration: 'agents',
      type: 'number',
      appears: 'always',
      definition: 'approved workstations',
    });
  });
});

test('the row has the gravest gaps first, then the notes', () => {
  const report = reportOf(
    [company('a', { agents: ['1'], edition: ['1'], tenants: ['x'] })],
    [
      collected('tenants', []),
      collected('edition', [customer('1', { 'Edition Plan': 'Pro' }, { notes: ['trial\norganization'] })]),
      { integration: 'agents', outcome: 'failed', error: 'VendorRateLimitError', message: 'limited' },
      collected('shop', []),
    ],
  );
  expect(rowOf(report, 'a').dataQuality).toBe(
    'Agents: failed (VendorRateLimitError); Tenants: not-found; Shop: unmapped; Edition: note (trial organization)',
  );
});

test('unmapped customers that failed or are excluded keep their state', () => {
  const report = reportOf(
    [],
    [
      collected('agents', [
        customer('1', {}, { state: 'failed', error: 'VendorAuthError', reason: 'no' }),
        customer('2', {}, { state: 'excluded', reason: 'inactive' }),
      ]),
    ],
  );
  const empty = { integration: 'agents', counts: {} };
  expect(report.unmapped).toStrictEqual([
    { ...empty, customerId: '1', customerName: 'Customer 1', state: 'failed', error: 'VendorAuthError', reason: 'no' },
    { ...empty, customerId: '2', customerName: 'Customer 2', state: 'excluded', reason: 'inactive' },
  ]);
});

test('an outcome of an unknown integration, or a title of two integrations, is refused', () => {
  const ours = (sentence: string) =>
    expect.objectContaining({ name: 'ConfigurationError', message: expect.stringContaining(sentence) });
  expect(() => reportOf([], [collected('nobody', [])])).toThrow(ours('"nobody"'));
  expect(() => reportOf([], [], [...catalog, { ...agents, id: 'twin', position: 9 }])).toThrow(
    ours(`the column "${W}" belongs to agents and to twin`),
  );
});

test('the catalog may come in any order', () => {
  expect(titles(reportOf([], [], [tenants, shop, edition, agents]))).toEqual(titles(reportOf([], [])));
});

describe('the row’s last column', () => {
  test('names no reason if none was given, and is one line whatever the vendor wrote', () => {
    const excluded = (reason: string) =>
      rowOf(
        reportOf(
          [company('a', { agents: ['1'] })],
          [collected('agents', [customer('1', {}, { state: 'excluded', reason })])],
        ),
        'a',
      ).dataQuality;
    expect(excluded('')).toBe('Agents: excluded');
    expect(excluded('in\r\n\tactive')).toBe('Agents: excluded (in active)');
  });

  test('is a row of plain fields, without those that it does not have', () => {
    const report = reportOf([company('a', { agents: ['9'] })], [collected('agents', [customer('1', {})])]);
    expect(rowOf(report, 'a').gaps).toStrictEqual([{ integration: 'agents', state: 'not-found' }]);
  });

  test('has no blanks around it', () => {
    const report = reportOf(
      [company('a', { odd: ['9'] })],
      [collected('odd', [customer('1', {})])],
      [{ ...agents, id: 'odd', name: ' Odd ' }],
    );
    expect(rowOf(report, 'a').dataQuality).toBe('Odd : not-found');
  });
});

describe('a customer in no row', () => {
  const unmapped = (...customers: ReturnType<typeof customer>[]) =>
    reportOf([], [collected('agents', customers, { status: 'collected' })]);

  test('is sorted by name in any case, then by id', () => {
    const named = (id: string, name: string) => customer(id, { [W]: 1 }, { name });
    const inOrder = ['4', '3', '1', '2'];
    const customers = [named('2', 'beta'), named('1', 'beta'), named('3', 'Beta'), named('4', 'ALPHA')];
    for (const all of [customers, customers.toReversed()]) {
      expect(unmapped(...all).unmapped.map(({ customerId }) => customerId)).toEqual(inOrder);
      const twice = reportOf(
        ['x', 'y'].map((id) => company(id, { agents: ['1', '2', '3', '4'] })),
        [collected('agents', all)],
      );
      expect(twice.ambiguous.map(({ customerId }) => customerId)).toEqual(inOrder);
      expect(twice.ambiguous[0]?.claimedBy).toEqual(['x', 'y']);
      const torn = reportOf([company('x', { agents: ['1', '2', '3', '4', 'dead'] })], [collected('agents', all)]);
      expect(torn.withheld.map(({ customerId }) => customerId)).toEqual(inOrder);
    }
  });

  test('shows each cell that could not be read, and one left out only if its column is fixed', () => {
    const gap = (state: 'failed' | 'excluded') => ({ state, reason: 'r' });
    const report = unmapped(customer('1', {}, { gaps: { [W]: gap('excluded'), 'Agents Printers': gap('failed') } }));
    expect(report.unmapped).toStrictEqual([
      {
        integration: 'agents',
        customerId: '1',
        customerName: 'Customer 1',
        counts: { 'Agents Servers': 0 },
        gaps: { [W]: gap('excluded'), 'Agents Printers': gap('failed') },
      },
    ]);
    const left = unmapped(customer('1', {}, { gaps: { 'Agents Printers': gap('excluded') } }));
    expect(left.unmapped[0]).not.toHaveProperty('gaps');
  });
});

describe('an integration', () => {
  const integration = (...customers: ReturnType<typeof customer>[]) =>
    reportOf([], [collected('agents', customers)]).integrations[0];
  const gap = (state: 'failed' | 'excluded') => ({ state, reason: 'member is missing' });

  test('is partial if one cell could not be read: the failure names customer, column and reason', () => {
    expect(integration(customer('1', {}), customer('2', {}, { gaps: { [W]: gap('failed') } }))).toMatchObject({
      status: 'partial',
      customers: 2,
      failures: [
        {
          customerId: '2',
          customerName: 'Customer 2',
          column: W,
          error: 'VendorContractError',
          message: 'member is missing',
        },
      ],
    });
  });

  test('that is partial says how many customers are concerned, each once, and names the one with the first id', () => {
    const failed = customer('1', {}, { state: 'failed', error: 'VendorAuthError', reason: 'no consent' });
    const torn = customer('2', {}, { gaps: { [W]: gap('failed'), 'Agents Servers': gap('failed') } });
    expect(integration(torn, failed, customer('3', {}))).toMatchObject({
      message: '2 of 3 customers could not be read completely, for example Customer 1 (VendorAuthError: no consent)',
    });
  });

  test('is collected in full where cells or customers are only left out', () => {
    const left = customer('2', {}, { state: 'excluded', reason: 'inactive', gaps: { [W]: gap('failed') } });
    const whole = integration(customer('1', {}, { gaps: { [W]: gap('excluded') } }), left);
    expect(whole).toMatchObject({ status: 'collected', customers: 2 });
    for (const member of ['message', 'failures', 'notes', 'error']) expect(whole).not.toHaveProperty(member);
  });

  test('lists the dead ids of companies in order, with all companies that have them', () => {
    const report = reportOf(
      [company('b', { agents: ['9', '8'] }), company('a', { agents: ['9', '7'] })],
      [collected('agents', [customer('1', {})])],
    );
    expect(report.notFound).toEqual([
      { integration: 'agents', customerId: '7', claimedBy: ['a'] },
      { integration: 'agents', customerId: '8', claimedBy: ['b'] },
      { integration: 'agents', customerId: '9', claimedBy: ['a', 'b'] },
    ]);
  });
});
