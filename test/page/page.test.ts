import { Script } from 'node:vm';
import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import { expect, it } from 'vitest';
import { companiesPart } from '../../lambdas/page/companies-part.ts';
import { html } from '../../lambdas/page/markup.ts';
import { reportPage } from '../../lambdas/page/page.ts';
import { SCRIPT } from '../../lambdas/page/script.ts';
import { collected, company, customer, reportOf } from '../report/sample.ts';
import { HOSTILE, hostileData, hostileRow } from '../views/hostile.ts';
import { data, report } from '../views/sample.ts';

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

const isElement = (node: Node): node is Element => 'tagName' in node;

function elements(node: Node): Element[] {
  const below = 'childNodes' in node ? node.childNodes.flatMap(elements) : [];
  return isElement(node) ? [node, ...below] : below;
}

function textOf(node: Node): string {
  if ('value' in node) return node.value;
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';
}

const attribute = (element: Element, name: string): string | undefined =>
  element.attrs.find((each) => each.name === name)?.value;

const all = (page: string): Element[] => elements(parse(page));
const withId = (page: string, id: string): Element => {
  const sharing = all(page).filter((element) => attribute(element, 'id') === id);
  const [first] = sharing;
  if (first === undefined || sharing.length > 1) throw new Error(`${sharing.length} elements have the id ${id}`);
  return first;
};

const page = reportPage(data);
const hostile = reportPage(hostileData);

it.each([
  ['the sample', page],
  ['hostile texts', hostile],
])('is valid HTML with %s', (_, text) => {
  const faults: string[] = [];
  parse(text, { onParseError: ({ code, startLine }) => faults.push(`${code} in line ${startLine}`) });
  expect(faults).toEqual([]);
  const ids = all(text).flatMap((element) => attribute(element, 'id') ?? []);
  expect(new Set(ids).size).toBe(ids.length);
});

it('makes no markup from hostile texts: the same elements and attributes as for harmless ones', () => {
  const harmless = {
    ...hostileData,
    report: {
      ...hostileData.report,
      rows: hostileData.report.rows.map((row, index) =>
        index < report.rows.length
          ? row
          : { ...row, organization: { id: `id ${index}`, name: 'name' }, dataQuality: 'text' },
      ),
    },
    changes: (hostileData.changes ?? []).map((change, index) => ({
      ...change,
      ...Object.fromEntries(Object.keys(change).map((member) => [member, 'text'])),
      companyId: `id ${report.rows.length + index}`,
    })),
  };
  const shape = (text: string) =>
    all(text).map(({ tagName, attrs }) => [tagName, ...attrs.map(({ name }) => name)].join(' '));
  expect(shape(hostile)).toEqual(shape(reportPage(harmless)));
  const headings = all(hostile)
    .filter(({ tagName }) => tagName === 'h3')
    .map(textOf);
  expect(headings).toEqual(expect.arrayContaining(HOSTILE.map(([, shown]) => shown)));
});

it('forbids every load, and all scripts and styles but its own', () => {
  const policy = all(page).find((element) => attribute(element, 'http-equiv') === 'Content-Security-Policy');
  expect(policy === undefined ? '' : attribute(policy, 'content')).toMatch(
    /^default-src 'none'; style-src 'sha256-[\w+/]{43}='; script-src 'sha256-[\w+/]{43}='; base-uri 'none'; form-action 'none'$/u,
  );
  const loading = all(hostile).filter((element) =>
    element.attrs.some(({ name }) => ['src', 'srcset', 'style', 'onclick'].includes(name)),
  );
  expect(loading).toEqual([]);
  const links = all(hostile).flatMap((element) => attribute(element, 'href') ?? []);
  expect(links.filter((link) => !link.startsWith('#'))).toEqual([]);
});

it('has a script that can be parsed', () => {
  expect(() => new Script(SCRIPT)).not.toThrow();
});

it('has a target for every link', () => {
  for (const text of [page, hostile]) {
    const ids = new Set(all(text).flatMap((element) => attribute(element, 'id') ?? []));
    const links = all(text).flatMap((element) => attribute(element, 'href') ?? []);
    expect(links.filter((link) => !ids.has(decodeURIComponent(link.slice(1))))).toEqual([]);
  }
});

it('says of no count that was not read that it is 0, and dates it in the zone of the report', () => {
  const outcome = collected('agents', [
    customer('1', { 'Agents Workstations': 0 }, { gaps: { 'Agents Servers': { state: 'failed', reason: 'no type' } } }),
  ]);
  const made = { ...reportOf([company('contoso', { agents: ['1'] })], [outcome]), timeZone: 'Asia/Tokyo' };
  const section = withId(reportPage({ report: { ...made, asOf: '2026-11-30T23:30:00Z' } }), 'company-contoso');
  expect(textOf(section).replace(/\s+/gu, ' ').trim()).toBe(
    'CONTOSO Counted on 2026-12-01 by MSP Every count that was read of Agents is 0. ' +
      'Not counted Agents Servers: could not be read, its answer could not be understood',
  );
});

it('shows in a company section what it has, what changed, and what was not counted and why', () => {
  const text = textOf(withId(page, 'company-contoso')).replace(/\s+/gu, ' ').trim();
  expect(text).toBe(
    'CONTOSO Counted on 2026-11-22 by MSP WhatCount Agents Workstations12 Agents Servers2 Shop Archive (TB)3.3 ' +
      'Changed since 2026-10-22 Agents Workstations: 10 → 12 (added PC-11; PC-12) ' +
      'Not counted Edition: it is not clear which account there is theirs Tenants: could not be read, it did not answer',
  );
});

it('gives moment, day and month in the time zone of the report', () => {
  const sydney = { ...report, asOf: '2026-11-30T13:30:00Z', timeZone: 'Australia/Sydney' };
  const text = reportPage({ ...data, report: sydney });
  expect(text).toContain('Billing counts, December 2026');
  expect(text).toContain('MSP, counted at 2026-12-01 00:30 Australia/Sydney, run ');
  expect(text).toContain('Counted on 2026-12-01 by MSP');
  expect(text).toContain('Money per month, November 2026 (counts of 2026-12-01)');
});

it('shows the compared month alone if the counts are of that month', () => {
  expect(page).toContain('>Money per month, November 2026<');
});

it('says nothing about money or another company in a company section', () => {
  const names = [...report.rows.map(({ organization }) => organization.name), 'Ghost Co', 'Old Co', 'Unknown Ltd'];
  for (const { organization } of report.rows) {
    const text = textOf(withId(page, `company-${organization.id}`));
    const others = names.filter((name) => name !== organization.name && name !== report.managingOrganization.name);
    expect(
      others.filter((name) => text.includes(name)),
      organization.name,
    ).toEqual([]);
    expect(text).not.toMatch(/USD|EUR|billed|19\.50/u);
  }
});

it('names every part in its navigation', () => {
  const parts = all(page)
    .filter(({ tagName }) => tagName === 'h2')
    .map(textOf);
  expect(parts).toEqual([
    'Summary',
    'To do',
    'Compare',
    'Counts',
    'Changes',
    'Terms',
    'Unmapped',
    'Vendors',
    'Columns',
    'Companies',
  ]);
});

it('leaves out the table of all counts if it is too large to be of use', () => {
  const rows = Array.from({ length: 4000 }, (_, index) => hostileRow(`Company ${index}`));
  const large = reportPage({ report: { ...report, rows } });
  expect(large).toContain(`4000 companies with ${report.columns.length} columns are too many for a table here`);
  expect(large).not.toContain('class="list wide"');
  expect(page).toContain('class="list wide"');
});

it('stops at the company that no longer fits, with a note', () => {
  const whole = html`${companiesPart(report, []).part.body}`.text;
  const room = whole.indexOf('<section class="company" id="company-msp"') - whole.indexOf('<section');
  const { part, linkOf } = companiesPart(report, [], room);
  const text = html`${part.body}`.text;
  expect(text).toContain(
    'The page is full: report.xlsx and report.csv have the remaining 1 of 4 companies, from MSP on.',
  );
  expect(text.match(/class="company"/gu)).toHaveLength(3);
  expect(linkOf('MSP', 'msp')).toBe('MSP');
});

it('shows the first rows of a very long table, with a note', () => {
  const changes = Array.from({ length: 5001 }, (_, index) => ({
    company: `Company ${index}`,
    companyId: 'x',
    since: '2026-10-22',
  }));
  const text = reportPage({ report, changes });
  expect(text).toContain('These are the first 5000 of 5001 rows; report.xlsx has them all.');
  expect(text).toContain('Company 4999');
  expect(text).not.toContain('Company 5000');
});
