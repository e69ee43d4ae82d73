import { describe, expect, it } from 'vitest';
import { suggesting } from '../../lambdas/mapping/in-report.ts';
import { unmappedCsv } from '../../lambdas/report/csv.ts';
import type { Organization } from '../../lambdas/report/organization.ts';
import { agents, collected, customer, edition, MSP, reportOf } from '../report/sample.ts';

const company = (id: string, name: string, ids: Record<string, string[]>, enabled = true): Organization => ({
  ...{ id, name, enabled, integrationIds: new Map(Object.entries(ids)) },
});

const COMPANIES = [
  company('contoso', 'Contoso Ltd', { agents: ['1'] }),
  company('fabrikam', 'Fabrikam', {}),
  company('gone', 'Gone Co', { edition: ['77'] }, false),
];

/** The report of these customers, and what is suggested in it: company, certainty and evidence of each. */
function withSuggestions(...outcomes: ReturnType<typeof collected>[]) {
  const made = suggesting({ catalog: [agents, edition], organizations: COMPANIES, psas: [] }, MSP);
  for (const outcome of outcomes) if (outcome.outcome === 'collected') made.add(outcome.collection);
  return made.withSuggestions(reportOf(COMPANIES, outcomes, [agents, edition]));
}

const withDomains = (id: string, name: string, domains: string[]) =>
  customer(id, { 'Edition Users': 3 }, { name, identity: { domains } });

const report = await withSuggestions(
  collected('agents', [customer('1', {}, { name: 'Contoso', identity: { domains: ['contoso.example'] } })]),
  collected('edition', [
    withDomains('10', 'HQ', ['contoso.example']),
    withDomains('11', 'FABRIKAM', []),
    withDomains('12', 'Stranger, Inc.', []),
    withDomains('77', 'Gone', []),
  ]),
);

describe('every unmapped customer of a report has a suggestion', () => {
  it('with the company, how sure it is, and the evidence', () => {
    expect(Object.fromEntries(report.unmapped.map(({ customerId, suggestion }) => [customerId, suggestion]))).toEqual({
      10: {
        certainty: 'certain',
        company: { id: 'contoso', name: 'Contoso Ltd' },
        evidence: 'same domain contoso.example as at Agents',
      },
      11: { certainty: 'likely', company: { id: 'fabrikam', name: 'Fabrikam' }, evidence: 'same name' },
      12: { certainty: 'unclear', evidence: 'no evidence' },
      77: {
        certainty: 'certain',
        company: { id: 'gone', name: 'Gone Co' },
        evidence: 'organizations.json has its id for this company, which is not enabled',
        disabled: true,
      },
    });
  });

  it('which unmapped.csv has in its last columns', () => {
    const [head, ...lines] = unmappedCsv(report).trim().split('\r\n');
    expect(head?.replace(/^\uFEFF/u, '')).toBe(
      '"Integration","Customer Id","Customer Name","Column","Count","Suggested Company","Suggestion","Evidence"'.replaceAll(
        '"',
        '',
      ),
    );
    expect(lines).toContain('Edition,11,FABRIKAM,Edition Users,3,Fabrikam,likely,same name');
    expect(lines).toContain('Edition,12,"Stranger, Inc.",Edition Users,3,,unclear,no evidence');
  });
});

it('a vendor whose customers are all mapped gets none, and the report is unchanged', async () => {
  const report = reportOf(COMPANIES, [collected('agents', [customer('1', {})])], [agents]);
  const made = suggesting({ catalog: [agents], organizations: COMPANIES, psas: [] }, MSP);
  expect(await made.withSuggestions(report)).toEqual(report);
});
