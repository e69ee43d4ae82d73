import { describe, expect, test } from 'vitest';
import { cellOf } from '../../lambdas/report/report.ts';
import {
  agents,
  catalog,
  collected,
  company,
  customer,
  edition,
  product,
  reportOf,
  rowOf,
  seen,
  shop,
  tenants,
  titles,
} from './sample.ts';

const W = 'Agents Workstations';

describe('what a cell is', () => {
  test('counted: the number that the vendor gave, 0 only where the vendor listed the customer', () => {
    const report = reportOf(
      [company('a', { agents: ['1'] }), company('b', { agents: ['2'] })],
      [collected('agents', [customer('1', { [W]: 12 }), customer('2', {})])],
    );
    expect(seen(report, 'a', W)).toBe(12);
    expect(seen(report, 'b', W)).toBe(0);
    expect(rowOf(report, 'b').dataQuality).toBe('complete');
  });

  test('unmapped: the company has no id at an installed vendor', () => {
    const report = reportOf([company('a')], [collected('agents', [customer('1', { [W]: 12 })])]);
    expect(seen(report, 'a', W)).toBe('unmapped');
    expect(rowOf(report, 'a').dataQuality).toBe('Agents: unmapped');
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
    expect(rowOf(report, 'a').cells[W]).toEqual({ state: 'excluded', reason: 'inactive' });
    expect(rowOf(report, 'a').dataQuality).toBe('Agents: excluded (inactive)');
  });

  test('failed: the vendor as a whole, for every company that has an id there', () => {
    const report = reportOf(
      [company('a', { agents: ['1'] }), company('b')],
      [{ integration: 'agents', outcome: 'failed', error: 'VendorAuthError', message: 'refused' }],
    );
    expect(rowOf(report, 'a').cells[W]).toEqual({ state: 'failed', error: 'VendorAuthError', reason: 'refused' });
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

  test('failed: one cell of a customer, the others stand', () => {
    const gaps = { [W]: { state: 'failed' as const, reason: 'member "count" is missing' } };
    const report = reportOf(
      [company('a', { agents: ['1'] })],
      [collected('agents', [customer('1', { 'Agents Servers': 2 }, { gaps })])],
    );
    expect([seen(report, 'a', W), seen(report, 'a', 'Agents Servers')]).toEqual(['failed', 2]);
    expect(rowOf(report, 'a').dataQuality).toBe(`${W}: failed (VendorContractError)`);
    expect(report.integrations[0]?.status).toBe('partial');
  });

  test('none: the integration is not installed; its fixed columns stand all the same', () => {
    const report = reportOf([company('a')], [{ integration: 'agents', outcome: 'not-installed' }]);
    expect(titles(report)).toEqual([W, 'Agents Servers', 'Edition Users', 'Edition Plan', 'Tenants Seats']);
    expect(rowOf(report, 'a')).toEqual({ organization: { id: 'a', name: 'A' }, cells: {}, dataQuality: 'complete' });
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

  test('is not shown a sum of which one part is not found; the other part is told as withheld', () => {
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

  test('has its texts told once each, in order', () => {
    const report = reportOf(
      [company('a', { edition: ['1', '2'] })],
      [
        collected('edition', [
          customer('1', { 'Edition Plan': 'Pro; Basic' }),
          customer('2', { 'Edition Plan': 'Pro' }),
        ]),
      ],
    );
    expect(seen(report, 'a', 'Edition Plan')).toBe('Basic; Pro');
  });

  test('reads as the word where one customer has a word in place of a number', () => {
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

  test('leads to the customer whose id it is before one whose alias it is', () => {
    const report = reportOf(
      [company('a', { agents: ['12'] })],
      [collected('agents', [customer('12', { [W]: 1 }), customer('99', { [W]: 50 }, { aliases: ['12'] })])],
    );
    expect(seen(report, 'a', W)).toBe(1);
    expect(report.unmapped.map(({ customerId }) => customerId)).toEqual(['99']);
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

  test('may be called as what every object inherits', () => {
    const report = reportOf(
      [company('a', { agents: ['constructor'] }), company('b', { agents: ['__proto__'] })],
      [collected('agents', [customer('constructor', { [W]: 1 })])],
    );
    expect([seen(report, 'a', W), seen(report, 'b', W)]).toEqual([1, 'not-found']);
  });
});

describe('columns', () => {
  test('that appear when used do so only for a row with a value other than 0', () => {
    const printers = (own: number, others: number) =>
      titles(
        reportOf(
          [company('a', { agents: ['1'] })],
          [
            collected('agents', [
              customer('1', { 'Agents Printers': own }),
              customer('2', { 'Agents Printers': others }),
            ]),
          ],
        ),
      ).includes('Agents Printers');
    expect([printers(1, 0), printers(0, 0), printers(0, 3)]).toEqual([true, false, false]);
  });

  test('of products stand behind the fixed ones by name; a company without one has a true 0 there', () => {
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
    expect(rowOf(report, 'b').cells).toEqual({});
    expect(rowOf(report, 'a').cells).toMatchObject({ 'SHOP Alpha': { state: 'counted', value: 1 } });
  });

  test('of products have no 0 where the integration was not read', () => {
    const report = reportOf([company('a')], []);
    const column = { ...product('SHOP A'), integration: 'shop' };
    expect(cellOf(report, rowOf(report, 'a'), column)).toBeUndefined();
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

  test('of text without a value are excluded, not empty', () => {
    const report = reportOf(
      [company('a', { edition: ['1'] })],
      [collected('edition', [customer('1', { 'Edition Users': 3, 'Edition Plan': '' })])],
    );
    expect(rowOf(report, 'a').cells['Edition Plan']).toEqual({ state: 'excluded', reason: 'not stated by the vendor' });
    expect(rowOf(report, 'a').dataQuality).toBe('Edition Plan: excluded (not stated by the vendor)');
  });

  test('that cannot be read are told even where nobody else has them', () => {
    const gaps = { 'Agents Printers': { state: 'failed' as const, reason: 'gone' } };
    const report = reportOf([company('a', { agents: ['1'] })], [collected('agents', [customer('1', {}, { gaps })])]);
    expect(titles(report)).not.toContain('Agents Printers');
    expect(rowOf(report, 'a').dataQuality).toBe('Agents Printers: failed (VendorContractError)');
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

test('the row tells gaps in the order of the catalog, then the notes', () => {
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
    'Agents: failed (VendorRateLimitError); Shop: unmapped; Tenants: not-found; Edition: note (trial organization)',
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
  expect(report.unmapped).toMatchObject([
    { customerId: '1', state: 'failed', error: 'VendorAuthError', counts: {} },
    { customerId: '2', state: 'excluded', reason: 'inactive', counts: {} },
  ]);
});

test('an outcome of an unknown integration, or a title of two integrations, is refused', () => {
  expect(() => reportOf([], [collected('nobody', [])])).toThrow(/"nobody"/u);
  expect(() => reportOf([], [], [...catalog, { ...agents, id: 'twin', position: 9 }])).toThrow(`the column "${W}"`);
});

test('the catalog may come in any order', () => {
  expect(titles(reportOf([], [], [tenants, shop, edition, agents]))).toEqual(titles(reportOf([], [])));
});
