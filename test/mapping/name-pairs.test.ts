import { describe, expect, it } from 'vitest';
import { suggest } from '../../lambdas/mapping/suggest.ts';
import { NAME_PAIRS, type NamePair } from './name-pairs.ts';
import { PSA, world } from './world.ts';

/** The vendor's customers and the PSA's companies of these pairs; a pair has the same number on both sides. */
const worldOf = (pairs: readonly NamePair[]) =>
  world(
    pairs.map(({ company }, index) => ({ id: `c${index}`, name: company, integrationIds: { [PSA]: `${index}` } })),
    {
      alpha: pairs.map(({ vendor, domains = [[], []] }, index) => ({
        id: `${index}`,
        name: vendor,
        domains: domains[0],
      })),
    },
    pairs.map(({ domains = [[], []] }, index) => ({ integration: PSA, id: `${index}`, domains: domains[1] })),
  );

/** How often a class is right, and how many of the companies that are the same it finds. */
function measure(pairs: readonly NamePair[], classes: readonly string[]) {
  const links = suggest(worldOf(pairs)).filter(({ class: found }) => classes.includes(found));
  const right = links.filter(
    ({ account, candidates }) =>
      candidates[0]?.company.id === `c${account.id}` && pairs[Number(account.id)]?.same === true,
  );
  const same = pairs.filter(({ same }) => same).length;
  return {
    links: links.length,
    precision: links.length === 0 ? 1 : right.length / links.length,
    recall: same === 0 ? 1 : right.length / same,
  };
}

describe('60 pairs of names, half of them look-alikes', () => {
  it('are half of them the same company', () => {
    expect(NAME_PAIRS).toHaveLength(60);
    expect(NAME_PAIRS.filter(({ same }) => same)).toHaveLength(30);
  });

  it('each pair by itself: no look-alike is ever linked, by name or domain', () => {
    const linked = NAME_PAIRS.filter((pair) => measure([pair], ['certain', 'likely']).links > 0);
    expect(linked.filter(({ same }) => !same)).toEqual([]);
    expect(linked.length).toBeGreaterThanOrEqual(26);
  });

  it('all together: certain links are never wrong; of the questions 26 in 27 are right, and 26 of 30 companies are found', () => {
    expect(measure(NAME_PAIRS, ['certain'])).toEqual({ links: 8, precision: 1, recall: 8 / 30 });
    // The wrong one: "Contoso Ltd" belongs to nobody here, and "Contoso" is a company of another pair.
    expect(measure(NAME_PAIRS, ['certain', 'likely'])).toEqual({ links: 27, precision: 26 / 27, recall: 26 / 30 });
  });

  it('every pair with a common domain is certain; an equal name alone is asked about, so the others are only likely', () => {
    const sharing = NAME_PAIRS.filter(({ same, domains: [ours, theirs] = [[], []] }) =>
      ours.some((domain) => same && theirs.includes(domain)),
    );
    expect(measure(sharing, ['certain'])).toEqual({ links: 8, precision: 1, recall: 1 });
  });

  it('nothing is certain by names alone', () => {
    const names = NAME_PAIRS.map(({ vendor, company, same }) => ({ vendor, company, same }));
    expect(measure(names, ['certain']).links).toBe(0);
    expect(measure(names, ['likely'])).toEqual({ links: 25, precision: 24 / 25, recall: 24 / 30 });
  });
});
