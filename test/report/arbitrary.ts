import fc from 'fast-check';
import type { CustomerCount, Outcome } from '../../lambdas/report/collection.ts';
import type { Organization } from '../../lambdas/report/organization.ts';
import { catalog, collected, company, customer, product } from './sample.ts';

/** Numbers as vendors give them: whole ones mostly, sometimes quarters and hundredths. */
const value = fc.oneof(fc.nat(40), fc.constantFrom(0, 0.25, 0.1, 12.34));

const reason = fc.constantFrom('inactive', 'suspended', 'a member is missing');

const ID_POOL = ['1', '2', '3', '4', '5', '6', '7', 'constructor', '__proto__'];
const PRODUCTS = ['SHOP Alpha', 'SHOP beta', 'SHOP constructor', 'SHOP, "quoted"\r\nand broken', 'SHOP =1+1'];

/** Texts that a spreadsheet, a parser or an object could stumble over. */
export const awkwardText = fc.oneof(
  fc.string({ minLength: 1, maxLength: 12 }),
  fc.constantFrom(
    '=1+1',
    '+49',
    '-5',
    '@SUM(A1)',
    '\t=1',
    ' =1',
    '＝1',
    '\r=1',
    'a;b',
    'a,b',
    '"',
    "'",
    'é\u0301',
    '\u202E=x',
  ),
);

const numbersOf = (integration: string): string[] => {
  const fixed = catalog.find(({ id }) => id === integration)?.columns ?? [];
  return integration === 'shop' ? PRODUCTS : fixed.filter(({ type }) => type === 'number').map(({ title }) => title);
};

const customerOf = (integration: string, id: string): fc.Arbitrary<CustomerCount> => {
  const title = fc.constantFrom(...numbersOf(integration));
  const counts = fc.dictionary(title, value, { maxKeys: 5 });
  const texts = fc.dictionary(fc.constantFrom('Edition Plan', 'Edition Extra'), awkwardText, { maxKeys: 2 });
  const gaps = fc.dictionary(
    title,
    fc.record({ state: fc.constantFrom('excluded' as const, 'failed' as const), reason }),
    {
      maxKeys: 1,
    },
  );
  const counted = fc.record({
    counts: integration === 'edition' ? fc.tuple(counts, texts).map(([a, b]) => ({ ...a, ...b })) : counts,
    gaps: fc.oneof({ weight: 4, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: gaps }),
    notes: fc.subarray(['trial', 'no plan'], { maxLength: 1 }),
    aliases: fc.subarray([`alias-${id}`, 'shared']),
    name: awkwardText,
  });
  return fc.oneof(
    { weight: 6, arbitrary: counted.map(({ counts: filled, ...more }) => customer(id, filled, more)) },
    { weight: 1, arbitrary: reason.map((why) => customer(id, {}, { state: 'excluded', reason: why })) },
    {
      weight: 1,
      arbitrary: reason.map((why) => customer(id, {}, { state: 'failed', error: 'VendorAuthError', reason: why })),
    },
  );
};

const outcomeOf = (integration: string): fc.Arbitrary<Outcome> =>
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc
        .subarray(ID_POOL)
        .chain((ids) => fc.tuple(...ids.map((id) => customerOf(integration, id))))
        .map((customers) =>
          collected(integration, customers, { columns: integration === 'shop' ? PRODUCTS.map(product) : [] }),
        ),
    },
    {
      weight: 1,
      arbitrary: fc.constant<Outcome>({ integration, outcome: 'failed', error: 'VendorAuthError', message: 'refused' }),
    },
    { weight: 1, arbitrary: fc.constant<Outcome>({ integration, outcome: 'not-installed' }) },
  );

/** Ids of one company at one vendor; an empty list is another thing than none. */
const claims = fc.oneof(
  { weight: 1, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.constant<string[]>([]) },
  {
    weight: 3,
    arbitrary: fc.subarray([...ID_POOL, 'alias-1', 'alias-2', 'shared', 'dead'], { minLength: 1, maxLength: 2 }),
  },
);

const organizationOf = (id: string): fc.Arbitrary<Organization> =>
  fc
    .record({
      name: awkwardText,
      enabled: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
      ids: fc.tuple(...catalog.map(() => claims)),
    })
    .map(({ name, enabled, ids }) =>
      company(
        id,
        Object.fromEntries(
          catalog.flatMap((entry, index): [string, string[]][] => {
            const claimed = ids[index];
            return claimed === undefined ? [] : [[entry.id, claimed]];
          }),
        ),
        { name, enabled },
      ),
    );

/** A whole MSP: companies with their claims, and what became of each vendor. */
export const situation: fc.Arbitrary<{ organizations: Organization[]; outcomes: Outcome[] }> = fc.record({
  organizations: fc.subarray(['a', 'b', 'c', 'd', 'msp']).chain((ids) => fc.tuple(...ids.map(organizationOf))),
  outcomes: fc.tuple(...catalog.map(({ id }) => outcomeOf(id))),
});
