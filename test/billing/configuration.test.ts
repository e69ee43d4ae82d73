import { describe, expect, test } from 'vitest';
import { company } from '../report/sample.ts';
import { exception, LICENCE, PSA, read, service, settings, W } from './sample.ts';

/** The lines of the fault, without the file's name. */
function faultsOf(value: unknown, organizations = [company('a')]): string[] {
  try {
    read(value, organizations);
  } catch (error) {
    expect(error).toMatchObject({ name: 'ConfigurationError' });
    return error instanceof Error ? error.message.split('\n').map((line) => line.replace(/^billing\.json: /u, '')) : [];
  }
  return [];
}

describe('billing.json', () => {
  test('is read with numbers as written, and with defaults', () => {
    const rule = { included: '0.10', minimum: 5, per: '1', round: 'up' };
    expect(read(service({ rule, price: { amount: 3.5, currency: 'USD' }, products: [' EDR ', { id: 88 }] }))).toEqual({
      sources: [{ kind: 'psa', id: PSA, name: 'ConnectWise PSA', settings: {} }],
      period: 'current',
      services: [
        {
          id: 'edr',
          name: 'Managed EDR',
          counts: [W],
          products: ['EDR', { id: '88' }],
          rule: { included: '0.1', minimum: '5', per: '1', round: 'up' },
          price: { amount: '3.5', currency: 'USD' },
        },
      ],
      exceptions: [],
    });
  });

  test.each(['current', 'next', '2026-12'])('accepts the period %s', (period) => {
    expect(read(settings({ period })).period).toBe(period);
  });

  test.each([
    [settings({ periods: 'next' }), 'unknown field "periods"; known: source, period, services, exceptions, unused'],
    [settings({ period: '2026-13' }), 'period: expected "current", "next" or a month, YYYY-MM'],
    [
      service({ rule: { include: 1 } }),
      'services.0.rule: unknown field "include"; known: included, minimum, per, round',
    ],
    [service({ rule: { included: -1 } }), 'services.0.rule.included: expected a number that is 0 or more'],
    [service({ rule: { minimum: '1e3' } }), 'services.0.rule.minimum: expected a number that is 0 or more'],
    [service({ rule: { per: 0 } }), 'services.0.rule.per: expected a number above 0'],
    [
      service({ rule: { round: 'half' } }),
      'services.0.rule.round: expected "none" or "up" or "down", found another text',
    ],
    [
      service({ price: { amount: 1, currency: '$' } }),
      'services.0.price.currency: expected a currency code such as "USD"',
    ],
    [
      service({ products: [{ code: 'x' }] }),
      'services.0.products.0: expected a product code, an exact name, or { "id": "…" }',
    ],
    [service({ counts: [] }), 'services.0.counts: expected at least one column title'],
    [service({ counts: [W, W] }), `services.0.counts.1 ("edr"): "${W}" is listed twice and would count twice`],
    [
      service({ counts: ['Edition Plan'] }),
      'services.0.counts.0 ("edr"): "Edition Plan" is a text column; expected a number column',
    ],
    [service({ products: ['X', 'X'] }), 'services.0.products.1 ("edr"): "X" already belongs to the service "edr"'],
  ])('refuses %j', (value, fault) => {
    expect(faultsOf(value)).toEqual([fault]);
  });

  test('refuses a title that no integration can have, and suggests the nearest', () => {
    expect(faultsOf(service({ counts: ['Agents Workstation'] }))).toEqual([
      'services.0.counts.0 ("edr"): no integration can have the column "Agents Workstation"; the nearest titles are ' +
        '"Agents Workstations", "Agents Printers", "Agents Servers"',
    ]);
    expect(faultsOf(service({ counts: ['Shoop Licence'] }))[0]).toContain('"Shop <product>"');
    expect(faultsOf(service({ counts: [LICENCE, 'Shop Anything'] }))).toEqual([]);
    expect(faultsOf(service({ counts: ['Shop '] }))).toHaveLength(1);
  });

  test('refuses one product or one id in two services', () => {
    const services = ['x', 'x'].map((id) => ({ id, name: id, counts: [W], products: ['EDR', { id: '88' }] }));
    expect(faultsOf(settings({ services }))).toEqual([
      'services.1.id: "x" is already the id of another service',
      'services.1.products.0 ("x"): "EDR" already belongs to the service "x"',
      'services.1.products.1 ("x"): the product with id "88" already belongs to the service "x"',
    ]);
  });

  test('lets two services share a column', () => {
    const services = ['x', 'y'].map((id) => ({ id, name: id, counts: [W], products: [id] }));
    expect(faultsOf(settings({ services }))).toEqual([]);
  });
});

describe('an exception', () => {
  const faults = (more: Record<string, unknown>) => faultsOf(settings({ exceptions: [exception(more)] }));

  test('has the ids of company and service, who agreed to it, why and until when', () => {
    expect(faults({ kind: 'spare', value: 5 })).toEqual([]);
    expect(faults({ kind: 'ignore', company: 'msp' })).toEqual([]);
    expect(faults({ kind: 'ignore', company: 'Contoso', service: 'EDR' })).toEqual([
      'exceptions.0.company: expected a company\'s id in organizations.json, found "Contoso"',
      'exceptions.0.service: expected a service\'s id, found "EDR"',
    ]);
    for (const member of ['reason', 'owner', 'until']) {
      expect(faults({ kind: 'ignore', [member]: undefined })[0]).toContain(`exceptions.0.${member}: expected`);
    }
    expect(faults({ kind: 'ignore', until: '2026-02-30' })).toEqual([
      'exceptions.0.until: expected a calendar date, YYYY-MM-DD',
    ]);
  });

  test('has a value unless its kind is ignore, and occurs once', () => {
    const value = 'exceptions.0.value: expected a number with every kind except "ignore", which takes none';
    expect(faults({ kind: 'spare' })).toEqual([value]);
    expect(faults({ kind: 'ignore', value: 1 })).toEqual([value]);
    expect(faults({ kind: 'spar', value: 1 })[0]).toContain('exceptions.0.kind: expected "spare" or "ignore"');
    const twice = [exception({ kind: 'spare', value: 1 }), exception({ kind: 'spare', value: 2 })];
    expect(faultsOf(settings({ exceptions: twice }))).toEqual([
      'exceptions.1: "a" already has an exception "spare" for "edr"',
    ]);
  });
});

describe('a source', () => {
  test.each([
    [
      { integration: 'connectwize' },
      'source.integration: expected connectwise-psa, halopsa, freshdesk, or "file" instead; found "connectwize"',
    ],
    [{ integration: PSA, tenant: 1 }, 'source: unknown field "tenant"; known: integration'],
    [{ integration: PSA, experimental: true }, 'source: unknown field "experimental"'],
    [
      { integration: 'freshdesk' },
      'source.experimental: "freshdesk" is experimental; expected "experimental": true next to it',
    ],
    [[{ integration: PSA }, { file: '../x.csv' }], 'source.1.file: expected the name of a .csv file'],
    [{ file: 'billed.csv', decimals: ',' }, 'source: unknown field "decimals"'],
    [{ file: 'billed.csv', columns: { Qty: 'x' } }, 'source.columns: unknown field "Qty"'],
    [{ file: 'billed.csv', dateFormat: 'DD/MM' }, 'source.dateFormat: expected a date format'],
    [{ file: 'billed.csv', asOf: 'soon' }, 'source.asOf: expected a date'],
    [[], 'source: expected at least one source'],
    [[{ integration: PSA }, { integration: PSA }], 'source: "connectwise-psa" is listed twice'],
    [undefined, 'source: expected the source of billed lines: { "integration": "…" }'],
  ])('refuses %j', (source, fault) => {
    expect(faultsOf(settings({ source })).join('\n')).toContain(fault);
  });

  test('that is experimental needs its flag', () => {
    const source = { integration: 'freshdesk', experimental: true };
    expect(read(settings({ source })).sources).toEqual([
      { kind: 'psa', id: 'freshdesk', name: 'Freshdesk', settings: {} },
    ]);
  });

  test('that is a file has the settings of its export, each with a default', () => {
    expect(read(settings({ source: { file: 'billed.csv', decimal: ',' } })).sources).toEqual([
      {
        kind: 'file',
        id: 'billed-csv',
        settings: {
          file: 'billed.csv',
          asOf: null,
          currency: null,
          idOf: null,
          matchByName: false,
          grouped: false,
          dateFormat: 'YYYY-MM-DD',
          decimal: ',',
          delimiter: ',',
          maxAgeDays: 10,
          columns: {},
          period: 'monthly',
        },
      },
    ]);
  });

  test('must not share a company with another one, unless the company is disabled', () => {
    const source = [{ integration: PSA }, { file: 'billed.csv' }];
    const ids = { [PSA]: ['1'], 'billed-csv': ['A'] };
    expect(faultsOf(settings({ source }), [company('a', ids, { name: 'Contoso' })])).toEqual([
      'source: Contoso has ids at connectwise-psa and at billed-csv; keep those of one source',
    ]);
    expect(faultsOf(settings({ source }), [company('a', ids, { enabled: false })])).toEqual([]);
  });
});
