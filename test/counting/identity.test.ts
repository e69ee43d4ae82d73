import { describe, expect, it } from 'vitest';
import { identityFacts } from '../../lambdas/counting/identity.ts';

describe('what a row says of who its customer is', () => {
  it('is one fact with domains in lower case, ids by integration, and references', () => {
    const marks = {
      domains: [' Larch.Example ', 'larch.test'],
      ids: [{ integration: 'microsoft-365', id: '0b1c' }],
      references: ['CRM-77'],
    };
    expect(identityFacts('7', marks)).toEqual([
      {
        fact: 'identity',
        customer: '7',
        identity: {
          domains: ['larch.example', 'larch.test'],
          ids: [{ integration: 'microsoft-365', id: '0b1c' }],
          references: ['CRM-77'],
        },
      },
    ]);
  });

  it('leaves out what is missing or blank, and is nothing if that is all', () => {
    const blank = { domains: ['', undefined], ids: [{ integration: 'microsoft-365', id: null }], references: [' '] };
    expect(identityFacts('7', blank)).toEqual([]);
    expect(identityFacts('7', {})).toEqual([]);
    expect(identityFacts('7', { domains: ['larch.test'] })).toMatchObject([{ identity: { ids: [], references: [] } }]);
    expect(identityFacts('7', { references: ['CRM-77'] })).toMatchObject([{ identity: { domains: [], ids: [] } }]);
    expect(identityFacts('7', { ...blank, references: ['', 'CRM-77'] })).toMatchObject([
      { identity: { domains: [], ids: [], references: ['CRM-77'] } },
    ]);
  });
});
