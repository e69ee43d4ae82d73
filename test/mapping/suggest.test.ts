import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { suggest } from '../../lambdas/mapping/suggest.ts';
import { accountIn, PSA, short, suggested, VENDORS, world } from './world.ts';

const TENANT = '0b1c0000-0000-4000-8000-000000000001';
const OTHER_TENANT = '0b1c0000-0000-4000-8000-000000000002';
const tenant = (id: string) => ({ ids: [{ integration: 'microsoft-365', id }] });

describe('certain', () => {
  it('by an id that the company has at another vendor', () => {
    const companies = [{ id: 'contoso', integrationIds: { 'microsoft-365': TENANT } }];
    expect(suggested(companies, { alpha: [{ id: '1', name: 'HQ', ...tenant(TENANT.toUpperCase()) }] })).toEqual([
      'certain alpha/1 -> contoso',
    ]);
  });

  it('by an id of a customer that is already mapped', () => {
    const companies = [{ id: 'contoso', integrationIds: { alpha: '1' } }];
    const customers = { alpha: [{ id: '1', ...tenant(TENANT) }], 'microsoft-365': [{ id: TENANT, name: 'x' }] };
    expect(suggested(companies, customers)).toEqual([`certain microsoft-365/${TENANT} -> contoso`]);
  });

  it("by the PSA's company id, kept by the vendor", () => {
    const companies = [{ id: 'contoso', integrationIds: { [PSA]: '118' } }];
    const ids = [{ integration: PSA, id: '118' }];
    expect(suggested(companies, { alpha: [{ id: '1', ids }] })).toEqual(['certain alpha/1 -> contoso']);
  });

  it('by a domain that nobody else has, from the PSA or from another vendor', () => {
    const companies = [
      { id: 'contoso', integrationIds: { [PSA]: '118' } },
      { id: 'fabrikam', integrationIds: { beta: '2' } },
    ];
    const customers = {
      alpha: [
        { id: '1', domains: ['contoso.co.uk'] },
        { id: 'fabrikam.example', name: 'F' },
      ],
      beta: [{ id: '2', domains: ['fabrikam.example'] }],
    };
    const psa = [{ integration: PSA, id: '118', domains: ['https://www.contoso.co.uk'] }];
    expect(suggested(companies, customers, psa)).toEqual([
      'certain alpha/1 -> contoso',
      'certain alpha/fabrikam.example -> fabrikam',
    ]);
  });

  it('by the exact domain, even if the company has related ones', () => {
    const companies = [{ id: 'contoso', integrationIds: { alpha: '1', gamma: '3' } }];
    const customers = {
      alpha: [{ id: '1', domains: ['us.contoso.com'] }],
      gamma: [{ id: '3', domains: ['contoso.com'] }],
      beta: [{ id: '2', domains: ['contoso.com'] }],
    };
    expect(suggested(companies, customers)).toEqual(['certain beta/2 -> contoso']);
  });

  it('through a chain of vendors: one link supports the next', () => {
    const companies = [{ id: 'contoso', integrationIds: { alpha: '1' } }];
    const customers = {
      alpha: [{ id: '1', domains: ['contoso.example'] }],
      beta: [{ id: '2', domains: ['contoso.example'], ...tenant(TENANT) }],
      gamma: [{ id: '3', ...tenant(TENANT) }],
    };
    expect(suggested(companies, customers)).toEqual(['certain beta/2 -> contoso', 'certain gamma/3 -> contoso']);
  });

  it('by a reference only together with the name', () => {
    const companies = [{ id: 'contoso', name: 'Contoso Ltd', integrationIds: { [PSA]: '118' } }];
    const references = ['118'];
    expect(suggested(companies, { alpha: [{ id: '1', name: 'Contoso', references }] })).toEqual([
      'certain alpha/1 -> contoso',
    ]);
    expect(suggested(companies, { alpha: [{ id: '1', name: 'Fabrikam', references }] })).toEqual([
      'likely alpha/1 -> contoso',
    ]);
  });
});

describe('likely, for a person to confirm', () => {
  it('by a name alone, even if the names are identical', () => {
    expect(suggested([{ id: 'contoso' }], { alpha: [{ id: '1', name: 'contoso' }] })).toEqual([
      'likely alpha/1 -> contoso',
    ]);
  });

  it('by the name that another vendor uses for the company', () => {
    const companies = [{ id: 'harbour', name: 'Harbour Lane Garage', integrationIds: { alpha: '1' } }];
    expect(suggested(companies, { alpha: [{ id: '1', name: 'HLG' }], beta: [{ id: '2', name: 'HLG' }] })).toEqual([
      'likely beta/2 -> harbour',
    ]);
  });

  it('by another domain of the same registrant', () => {
    const companies = [{ id: 'contoso', integrationIds: { alpha: '1' } }];
    const customers = {
      alpha: [{ id: '1', domains: ['us.contoso.com'] }],
      beta: [{ id: '2', domains: ['uk.contoso.com'] }],
    };
    expect(suggested(companies, customers)).toEqual(['likely beta/2 -> contoso']);
  });

  it('when an id is shared by two customers of the vendor', () => {
    const companies = [{ id: 'contoso', integrationIds: { 'microsoft-365': TENANT } }];
    const customers = {
      alpha: [
        { id: '1', ...tenant(TENANT) },
        { id: '2', ...tenant(TENANT) },
      ],
    };
    expect(suggested(companies, customers)).toEqual(['likely alpha/1 -> contoso', 'likely alpha/2 -> contoso']);
  });

  it.each([
    ['the company already has a customer there', { alpha: '9', 'microsoft-365': TENANT }],
    ['it is recorded as having nothing there', { alpha: [], 'microsoft-365': TENANT }],
  ])('when %s', (_, integrationIds) => {
    const customers = {
      alpha: [
        { id: '9', name: 'other' },
        { id: '1', ...tenant(TENANT) },
      ],
    };
    expect(suggested([{ id: 'contoso', integrationIds }], customers)).toContain('likely alpha/1 -> contoso');
  });

  it('when the company has another tenant, although the domain is the same', () => {
    const companies = [{ id: 'contoso', integrationIds: { alpha: '1', 'microsoft-365': OTHER_TENANT } }];
    const domains = ['contoso.example'];
    const customers = { alpha: [{ id: '1', domains }], beta: [{ id: '2', domains, ...tenant(TENANT) }] };
    expect(suggested(companies, customers)).toEqual(['likely beta/2 -> contoso']);
  });

  it('when the legal forms differ although the domain is the same', () => {
    const companies = [{ id: 'contoso', name: 'Contoso GmbH', integrationIds: { alpha: '1' } }];
    const domains = ['contoso.example'];
    const customers = { alpha: [{ id: '1', domains }], beta: [{ id: '2', name: 'Contoso Ltd', domains }] };
    expect(suggested(companies, customers)).toEqual(['likely beta/2 -> contoso']);
  });

  it('when a second company has the name: two candidates are never certain', () => {
    const companies = [{ id: 'contoso', integrationIds: { 'microsoft-365': TENANT } }, { id: 'fabrikam' }];
    expect(suggested(companies, { alpha: [{ id: '1', name: 'Fabrikam', ...tenant(TENANT) }] })).toEqual([
      'likely alpha/1 -> contoso|fabrikam',
    ]);
  });

  it('when two customers of a vendor would both become certain for one company', () => {
    const companies = [{ id: 'contoso', integrationIds: { beta: '2', 'microsoft-365': TENANT } }];
    const domains = ['contoso.example'];
    const customers = {
      alpha: [
        { id: '1', domains },
        { id: '3', ...tenant(TENANT) },
      ],
      beta: [{ id: '2', domains }],
    };
    expect(suggested(companies, customers)).toEqual(['likely alpha/1 -> contoso', 'likely alpha/3 -> contoso']);
  });
});

describe('unclear', () => {
  it('where two companies have the same evidence', () => {
    const companies = [
      { id: 'contoso', integrationIds: { 'microsoft-365': TENANT } },
      { id: 'fabrikam', integrationIds: { 'microsoft-365': OTHER_TENANT } },
    ];
    const ids = [...tenant(TENANT).ids, ...tenant(OTHER_TENANT).ids];
    expect(suggested(companies, { alpha: [{ id: '1', ids }] })).toEqual(['unclear alpha/1 -> contoso|fabrikam']);
  });

  it('where the same name occurs twice on either side', () => {
    expect(
      suggested(
        [
          { id: 'a', name: 'Contoso' },
          { id: 'b', name: 'contoso' },
        ],
        { alpha: [{ id: '1', name: 'Contoso' }] },
      ),
    ).toEqual(['unclear alpha/1 -> a|b']);
    const twice = {
      alpha: [
        { id: '1', name: 'Contoso' },
        { id: '2', name: 'Contoso Ltd' },
      ],
    };
    expect(suggested([{ id: 'contoso' }], twice)).toEqual(['unclear alpha/1 -> contoso', 'unclear alpha/2 -> contoso']);
  });

  it('where only the name agrees and the domains do not', () => {
    const companies = [{ id: 'contoso', integrationIds: { alpha: '1' } }];
    const customers = {
      alpha: [{ id: '1', name: 'A', domains: ['contoso.example'] }],
      beta: [{ id: '2', name: 'Contoso', domains: ['contoso.test'] }],
    };
    expect(suggested(companies, customers)).toEqual(['unclear beta/2 -> contoso']);
  });

  it('where two vendors have the same reference, which can mean something else at each', () => {
    const companies = [{ id: 'contoso', integrationIds: { alpha: '1' } }];
    const references = ['A-17'];
    const customers = { alpha: [{ id: '1', references }], beta: [{ id: '2', references }] };
    expect(suggested(companies, customers)).toEqual(['unclear beta/2 -> ']);
  });

  it('where nothing agrees, not counting a shared mail domain', () => {
    const companies = [{ id: 'contoso', integrationIds: { alpha: '1' } }];
    const customers = {
      alpha: [{ id: '1', domains: ['gmail.com'] }],
      beta: [{ id: '2', name: 'Ghost Co', domains: ['gmail.com'] }],
    };
    expect(suggested(companies, customers)).toEqual(['unclear beta/2 -> ']);
  });
});

it('two links that look certain until each adds a name that contradicts the other are both left to a person', () => {
  const companies = [
    { id: 'contoso', integrationIds: { alpha: '1' } },
    { id: 'fabrikam', integrationIds: { gamma: '7' } },
  ];
  const customers = {
    alpha: [{ id: '1', domains: ['contoso.example'] }],
    beta: [{ id: '2', name: 'Old Mill', domains: ['contoso.example'] }],
    gamma: [{ id: '7', ...tenant(TENANT) }],
    'microsoft-365': [{ id: TENANT, name: 'Old Mill' }],
  };
  expect(suggested(companies, customers)).toEqual([
    'likely beta/2 -> contoso',
    `likely microsoft-365/${TENANT} -> fabrikam`,
  ]);
});

it('an id that differs in case is another id, except for GUIDs', () => {
  const companies = [{ id: 'contoso', integrationIds: { alpha: 'aB1' } }];
  expect(suggested(companies, { alpha: [{ id: 'Ab1', name: 'x' }] })).toEqual(['unclear alpha/Ab1 -> ']);
});

it('a pair that a person ruled out is not suggested again', () => {
  const clientele = world([{ id: 'contoso' }], { alpha: [{ id: '1', name: 'Contoso' }] });
  const refused = [{ account: accountIn(clientele, 'alpha', '1'), company: 'contoso' }];
  expect(suggest(clientele, refused).map(short)).toEqual(['unclear alpha/1 -> ']);
});

it('the largest come first within their class', () => {
  const companies = [{ id: 'a' }, { id: 'b' }];
  const customers = {
    alpha: [
      { id: '1', name: 'a', units: 3 },
      { id: '2', name: 'b', units: 40 },
      { id: '3', name: 'c', units: 99 },
    ],
  };
  expect(suggested(companies, customers).map((line) => line.split(' ')[1])).toEqual(['alpha/2', 'alpha/1', 'alpha/3']);
});

describe('for any lists of vendors', () => {
  const few = fc.constantFrom('1', '2', '3');
  const name = fc.constantFrom('Contoso', 'Contoso Ltd', 'Contoso GmbH', 'Fabrikam', '');
  const domains = fc.subarray(['contoso.example', 'uk.contoso.example', 'fabrikam.example', 'gmail.com'], {
    maxLength: 2,
  });
  const ids = fc.array(fc.record({ integration: fc.constantFrom(...VENDORS, PSA), id: few }), { maxLength: 2 });
  const customer = fc.record({
    id: few,
    name,
    domains,
    ids,
    references: fc.array(few, { maxLength: 1 }),
    units: fc.nat(9),
  });
  const list = fc.uniqueArray(customer, { selector: ({ id }) => id, maxLength: 3 });
  const customers = fc.dictionary(fc.constantFrom(...VENDORS), list);
  const integrationIds = fc.dictionary(fc.constantFrom(...VENDORS, PSA), fc.array(few, { maxLength: 2 }));
  const companies = fc.uniqueArray(
    fc.record({
      id: fc.constantFrom('a', 'b', 'c'),
      name: fc.constantFrom('Contoso', 'Fabrikam', 'Contoso AG'),
      integrationIds,
    }),
    {
      selector: ({ id }) => id,
      maxLength: 3,
    },
  );

  it('each unmapped customer has one suggestion; certain has one candidate with more than a name and nothing against it', () => {
    fc.assert(
      fc.property(companies, customers, (file, lists) => {
        const clientele = world(file, lists);
        const suggestions = suggest(clientele);
        expect(new Set(suggestions.map(({ account }) => account))).toEqual(new Set(clientele.unmapped));
        expect(suggestions).toHaveLength(clientele.unmapped.length);
        const certain = suggestions.filter((each) => each.class === 'certain');
        for (const { candidates } of certain) {
          expect(candidates).toHaveLength(1);
          expect(candidates[0]?.doubts).toEqual([]);
          expect(candidates[0]?.evidence.some(({ kind, unique }) => kind !== 'name' && unique)).toBe(true);
        }
        const places = certain.map(({ account, candidates }) => `${account.integration} ${candidates[0]?.company.id}`);
        expect(new Set(places).size).toBe(places.length);
      }),
      { numRuns: 300 },
    );
  });

  it('in whatever order companies and customers come', () => {
    fc.assert(
      fc.property(companies, customers, (file, lists) => {
        const turned = Object.fromEntries(
          Object.entries(lists)
            .map(([id, each]) => [id, [...each].reverse()])
            .reverse(),
        );
        expect(suggested([...file].reverse(), turned).sort()).toEqual(suggested(file, lists).sort());
      }),
      { numRuns: 200 },
    );
  });
});
