import { describe, expect, it } from 'vitest';
import source from '../../lambdas/sources/freshdesk.ts';
import freshdesk from '../sandbox/psa-apis/freshdesk.ts';
import { sourceContract } from './contract.ts';
import { readAll, sourceRig } from './source-rig.ts';
import { type Answers, answering, inWords } from './worked-example.ts';

type Row = Record<string, unknown>;

const ROOT = '/api/v2/custom_objects/schemas';
const [CONTOSO, FABRIKAM] = [700_000_000_251, 700_000_000_260];
const COMPANIES = [
  { id: 251, org_company_id: CONTOSO, name: 'Contoso Ltd' },
  { id: 260, org_company_id: FABRIKAM, name: 'Fabrikam Inc' },
];

const record = (id: string, company: unknown, product: string, quantity: unknown, more: Row = {}): Row => ({
  display_id: id,
  data: {
    ...{ company, product, quantity, unit_price: 35, currency: 'USD', period: 'monthly', billable: 'Yes' },
    ...{ effective_from: '2024-01-01', effective_to: null },
    ...more,
  },
});
const PAGES = [
  [
    record('31', CONTOSO, 'MGD-WKS', 42),
    record('32', CONTOSO, 'MGD-WKS', 3, { unit_price: 30, effective_from: '2026-06-01' }),
    record('33', CONTOSO, 'MAIL-SEC', 40, { unit_price: 4, effective_to: '2026-10-31' }),
  ],
  [
    record('34', FABRIKAM, 'EDR-AGENT', 18, { unit_price: null, effective_from: '2025-03-01', billable: 'No' }),
    record('35', FABRIKAM, 'M365-BP', 25, { unit_price: 22, effective_from: '2027-01-01' }),
  ],
];
const LABELS = ['Company', 'Product', 'Quantity', 'Unit Price', 'Currency', 'Period', 'Effective From', 'Effective To'];
const SCHEMA = {
  id: '9012',
  name: 'Billed line',
  fields: [...LABELS, 'Billable'].map((label) => ({ label, name: label.toLowerCase().replace(' ', '_') })),
};

/** An account with these records; the way to the next page lies under `link`. */
function account(pages: Row[][], link: '_links' | 'links' = '_links', count = pages.flat().length): Answers {
  return {
    'GET /api/v2/companies': COMPANIES,
    [`GET ${ROOT}`]: { schemas: [{ ...SCHEMA, id: '9011', deleted: true }, SCHEMA] },
    [`GET ${ROOT}/9012/records/count`]: { count },
    [`GET ${ROOT}/9012/records`]: ({ query }) => {
      const page = Number(query.get('next_token') ?? 0);
      const href = `${ROOT}/9012/records?page_size=3&next_token=${page + 1}`;
      return { records: pages[page] ?? [], [link]: page + 1 < pages.length ? { next: { href } } : {} };
    },
  };
}

const read = (answers: Answers, options: Row = {}, month = '2026-12') =>
  readAll(sourceRig(source, freshdesk), { month, options, before: answering(answers) });
const only = async (more: Row, given: { company?: unknown; quantity?: unknown } = {}) => {
  const { company = CONTOSO, quantity = 42 } = given;
  return (await read(account([[record('31', company, 'MGD-WKS', quantity, more), ...(PAGES[1] ?? [])]]))).lines[0];
};

describe('Freshdesk as an experimental source of billed lines', () => {
  // Companies, the schemas, the count of records, and three pages of them.
  sourceContract({ rig: () => sourceRig(source, freshdesk), calls: 6, knowsFree: true });

  it('states why it is experimental', () => {
    expect(source.experimental).toContain('does not bill');
  });

  it.each(['_links', 'links'] as const)('reads the worked example, its next page under %s', async (link) => {
    const side = await read(account(PAGES, link));
    expect(inWords(side)).toEqual([
      'Contoso Ltd: MAIL-SEC, 40, at 4 USD, from 2024-01-01, to 2026-10-31',
      'Contoso Ltd: MGD-WKS, 3, at 30 USD, from 2026-06-01',
      'Contoso Ltd: MGD-WKS, 42, at 35 USD, from 2024-01-01',
      'Fabrikam Inc: EDR-AGENT, 18, from 2025-03-01, not charged',
      'Fabrikam Inc: M365-BP, 25, at 22 USD, from 2027-01-01',
    ]);
    expect(side.lines[0]?.customer.id).toBe('251');
  });

  it.each([
    { quantity: null, unknown: 'it is not filled in' },
    { quantity: '42', unknown: '"42" is not a number' },
  ])('never reads the quantity $quantity as a number', async ({ quantity, unknown }) => {
    expect((await only({ quantity }))?.quantity).toEqual({ unknown });
  });

  it('compares a text with the company’s id, but never a number, and loses no record of another one', async () => {
    expect((await only({}, { company: '251' }))?.customer.name).toBe('Contoso Ltd');
    const strange = await read(account([[record('31', 251, 'MGD-WKS', 42), ...(PAGES[1] ?? [])]]));
    expect(strange.lines.find(({ id }) => id === '31')?.customer).toEqual({
      id: 'company 251, which Freshdesk does not list',
      name: 'company 251, which Freshdesk does not list',
    });
    expect((await only({}, { company: null }))?.customer.name).toBe('no company');
  });

  it('joins a lookup by the organization’s number, also if that is too long for a number and comes as text', async () => {
    const [long, lookup] = ['1571033438829330432', { name: 'company', label: 'Company', type: 'RELATIONSHIP' }];
    const others = SCHEMA.fields.filter(({ name }) => name !== 'company');
    const { lines } = await read({
      ...account([[record('31', long, 'MGD-WKS', 42), record('32', '260', 'MGD-WKS', 3), record('33', '', 'A', 1)]]),
      'GET /api/v2/companies': [
        { id: 251, org_company_id: long, name: 'Contoso Ltd' },
        { id: 260, name: 'Fabrikam Inc' },
      ],
      [`GET ${ROOT}`]: { schemas: [{ ...SCHEMA, fields: [lookup, ...others] }] },
    });
    expect(lines.map(({ customer }) => customer.name)).toEqual([
      'Contoso Ltd',
      'company "260", which Freshdesk does not list',
      'company "", which Freshdesk does not list',
    ]);
  });

  it.each([
    { period: 'quarterly', price: { amount: '35', months: 3 }, kind: 'recurring' },
    { period: ' Annually', price: { amount: '35', months: 12 }, kind: 'recurring' },
    { period: 'one-time', price: undefined, kind: 'other' },
    { period: 'One time', price: undefined, kind: 'other' },
  ])('reads the period "$period"', async ({ period, price, kind }) => {
    const line = await only({ period });
    expect([line?.price, line?.kind]).toEqual([price, kind]);
  });

  it.each([
    { more: { period: 'now and then' }, reason: 'its period is "now and then", which is not known' },
    { more: { billable: 'On hold' }, reason: 'its word for billable is "on hold", which is not known' },
  ])('doubts a record with an unknown word: $more', async ({ more, reason }) => {
    expect(await only(more)).toMatchObject({ billable: true, kind: 'recurring', doubt: { kind: 'ambiguous', reason } });
  });

  it.each(['soon', '2026-02-30', 8.64e15 + 1, true])(
    'doubts a record that ends on %j, and no other',
    async (effective_to) => {
      const side = await read(account([[record('31', CONTOSO, 'MGD-WKS', 42, { effective_to }), ...(PAGES[1] ?? [])]]));
      expect(side.lines.map(({ doubt }) => doubt?.kind)).toEqual(['ambiguous', undefined, undefined]);
    },
  );

  it.each([
    { billable: true, charged: true },
    { billable: null, charged: true },
    { billable: ' NO ', charged: false },
    { billable: false, charged: false },
  ])('reads billable $billable as $charged', async ({ billable, charged }) => {
    const line = await only({ billable });
    expect([line?.billable, line?.doubt]).toEqual([charged, undefined]);
  });

  it('refuses fewer records than the account counts', async () => {
    await expect(read(account(PAGES, '_links', 9))).rejects.toMatchObject({ name: 'VendorContractError' });
  });

  it('lists the objects’ names, or the labels, if it finds no match', async () => {
    await expect(read(account(PAGES), { object: 'Billing' })).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining('the key sees "Billed line"'),
    });
    await expect(read(account(PAGES), { labels: { quantity: 'Seats' } })).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringMatching(/no field for quantity; its labels are "Company", "Product"/u),
    });
  });

  it('points to alternatives if the plan has no custom objects', async () => {
    const refused = { status: 403, body: { code: 'access_denied', message: 'no' } };
    const before = ({ path }: { path: string }) => (path === ROOT ? refused : undefined);
    await expect(readAll(sourceRig(source, freshdesk), { before })).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringMatching(/companyFields, or billed\.csv/u),
    });
  });

  it('reads fields of companies, where an empty one is not 0', async () => {
    const withFields = COMPANIES.map((company, index) => ({
      ...company,
      custom_fields: { cf_billed_edr: [18, null][index], cf_billed_mfa: 0 },
    }));
    const answers = { 'GET /api/v2/companies': withFields };
    const side = await read(answers, { companyFields: { cf_billed_edr: 'EDR', cf_billed_mfa: 'MFA' } });
    expect(side.lines.map(({ id, product, quantity }) => [id, product.name, quantity])).toEqual([
      ['251 cf_billed_edr', 'EDR', { value: '18' }],
      ['251 cf_billed_mfa', 'MFA', { value: '0' }],
      ['260 cf_billed_edr', 'EDR', { unknown: 'it is not filled in' }],
      ['260 cf_billed_mfa', 'MFA', { value: '0' }],
    ]);
    expect(side.notes).toEqual([expect.stringContaining('keep no history')]);
    expect(side.lines.some(({ doubt }) => doubt !== undefined)).toBe(false);
    const past = await read(answers, { companyFields: { cf_billed_edr: 'EDR' } }, '2026-10');
    expect(past.lines.map(({ doubt }) => doubt?.kind)).toEqual(['other-period', 'other-period']);
    await expect(read(answers, { companyFields: { cf_edr: 'EDR' } })).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining('found are cf_billed_edr, cf_billed_mfa'),
    });
  });
});
