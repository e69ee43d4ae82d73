import fc from 'fast-check';
import { expect, it } from 'vitest';
import { relevant } from '../../lambdas/mapping/relevant.ts';
import { suggest } from '../../lambdas/mapping/suggest.ts';
import { suggestionLines } from '../../lambdas/mapping/words.ts';
import { PSA, VENDORS, world } from './world.ts';

const name = fc.constantFrom('Contoso', 'Contoso Ltd', 'Contoso GmbH', 'Fabrikam', 'Northwind', 'HQ');
const domain = fc.constantFrom('contoso.example', 'eu.contoso.example', 'fabrikam.example', 'gmail.com');
const id = fc.integer({ min: 1, max: 6 }).map(String);

const customers = fc.uniqueArray(
  fc.record({
    id,
    name,
    domains: fc.array(domain, { maxLength: 2 }),
    ids: fc.array(fc.record({ integration: fc.constantFrom(PSA, 'microsoft-365'), id }), { maxLength: 1 }),
    references: fc.array(id, { maxLength: 1 }),
  }),
  { selector: (customer) => customer.id, maxLength: 6 },
);
const companies = fc.uniqueArray(
  fc.record({
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    name,
    integrationIds: fc.dictionary(fc.constantFrom(...VENDORS.slice(0, 3), PSA), fc.uniqueArray(id, { maxLength: 2 })),
  }),
  { selector: (company) => company.id, maxLength: 5 },
);

it('what has nothing in common with an unmapped customer changes no suggestion', () => {
  let left = 0;
  fc.assert(
    fc.property(
      companies,
      fc.tuple(customers, customers, customers),
      fc.uniqueArray(fc.record({ id, domains: fc.array(domain, { maxLength: 1 }) }), { selector: (one) => one.id }),
      (listed, [alpha, beta, gamma], inPsa) => {
        const whole = world(
          listed,
          { alpha, beta, gamma },
          inPsa.map((each) => ({ integration: PSA, ...each })),
        );
        const part = relevant(whole);
        if (part.companies.length < whole.companies.length) left += 1;
        expect(suggestionLines(suggest(part))).toEqual(suggestionLines(suggest(whole)));
      },
    ),
    { numRuns: 500 },
  );
  // Or it would have been compared with itself.
  expect(left).toBeGreaterThan(20);
});
