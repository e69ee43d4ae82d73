import * as z from 'zod/mini';
import type { Catalog, CatalogEntry } from './catalog.ts';
import { describeIssue } from './describe-issue.ts';
import { ReportError } from './errors.ts';
import { byName, byText } from './order.ts';

/** A company of the MSP, and the ids under which vendors know it. */
export type Organization = {
  id: string;
  name: string;
  enabled: boolean;
  /** Integration id -> the customer ids that this company claims there, each once; an empty list: it is known to have nothing there. */
  integrationIds: Map<string, string[]>;
};

/** Beyond this many, faults are all of one kind, and a page of them helps nobody. */
const FAULTS_NAMED = 50;

/**
 * Reads organizations.json: vendor ids in the form that their integration asks for, ids of PSAs (`extra`) in any.
 * An id that two companies claim is no fault here: the report says `ambiguous`.
 * Errors: `ConfigurationError`, one line a fault, with company, integration and the form expected.
 */
export function readOrganizations(value: unknown, catalog: Catalog, extra: readonly string[]): Organization[] {
  const result = z.safeParse(File, value);
  if (!result.success) {
    throw faulty(result.error.issues.map((issue) => `${describeIssue(issue, value)}${whose(value, issue.path)}`));
  }
  const entries = new Map(catalog.map((entry) => [entry.id, entry]));
  const names = new Map<string, string>();
  const faults: string[] = [];
  const organizations = result.data.organizations.map((given, index): Organization => {
    const { id, name } = given;
    const claimed = names.get(id);
    if (claimed !== undefined) faults.push(`organizations.${index}.id: "${id}" is already the id of ${claimed}`);
    names.set(id, name);
    const integrationIds = new Map<string, string[]>();
    for (const [integration, ids] of Object.entries(given.integrationIds ?? {})) {
      const place = `organizations.${index}.integrationIds.${integration} (${name})`;
      const entry = entries.get(integration);
      if (entry === undefined && !extra.includes(integration)) {
        const known = [...new Set([...entries.keys(), ...extra])].sort(byText);
        faults.push(`${place}: unknown integration "${integration}"; known are ${known.join(', ')}`);
        continue;
      }
      const read = readIds(ids, entry);
      faults.push(...read.faults.map((fault) => `${place}: ${fault}`));
      integrationIds.set(integration, read.ids);
    }
    return { id, name, enabled: given.enabled ?? true, integrationIds };
  });
  if (faults.length > 0) throw faulty(faults);
  return organizations;
}

/** The companies that stand in the report: the enabled ones and, always, the managing organization; by name, then id. */
export function rowsOf(organizations: readonly Organization[], managing: { id: string; name: string }): Organization[] {
  const rows = organizations.filter(({ id, enabled }) => enabled || id === managing.id);
  if (!rows.some(({ id }) => id === managing.id)) {
    rows.push({ id: managing.id, name: managing.name, enabled: true, integrationIds: new Map() });
  }
  return rows.sort((a, b) => byName(a.name, b.name) || byText(a.id, b.id));
}

/** The company at fault by its name or id, for nobody counts entries in a long file. */
function whose(value: unknown, [list, index]: readonly PropertyKey[]): string {
  if (!isRecord(value) || list !== 'organizations' || !Array.isArray(value.organizations)) return '';
  const company: unknown = typeof index === 'number' ? value.organizations[index] : undefined;
  const named = isRecord(company)
    ? [company.name, company.id].find((each) => typeof each === 'string' && each.trim() !== '')
    : undefined;
  return typeof named === 'string' ? ` (company ${JSON.stringify(named)})` : '';
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const text = z.string().check(z.regex(/\S/u, 'expected a text that is not empty'));

const File = z.strictObject({
  organizations: z.array(
    z.strictObject({
      id: text,
      name: text,
      enabled: z.optional(z.boolean()),
      integrationIds: z.optional(
        z.custom<Record<string, unknown>>(isRecord, 'expected an object with one member an integration'),
      ),
    }),
  ),
});

/** One id or a list of them: text, or a number that lost no digit on its way. */
function readIds(given: unknown, entry: CatalogEntry | undefined): { ids: string[]; faults: string[] } {
  const ids = new Set<string>();
  const faults: string[] = [];
  for (const each of Array.isArray(given) ? given : [given]) {
    const id = typeof each === 'string' || Number.isSafeInteger(each) ? String(each).trim() : undefined;
    if (id === undefined || id === '') {
      faults.push('expected an id as text or whole number (up to 15 digits), or a list of them');
      continue;
    }
    if (entry === undefined) {
      ids.add(id);
      continue;
    }
    const result = z.safeParse(entry.customerId.schema, id);
    if (result.success) ids.add(result.data);
    else faults.push(`"${id}" is no ${entry.customerId.name} of ${entry.name}${formOf(result.error.issues)}`);
  }
  return { ids: [...ids], faults };
}

const formOf = ([issue]: readonly z.core.$ZodIssue[]): string =>
  issue === undefined || issue.message === 'Invalid input' ? '' : `: ${issue.message}`;

function faulty(faults: readonly string[]): ReportError {
  const more = faults.length > FAULTS_NAMED ? `\norganizations.json: and ${faults.length - FAULTS_NAMED} more` : '';
  const lines = faults.slice(0, FAULTS_NAMED).map((fault) => `organizations.json: ${fault}`);
  return new ReportError('ConfigurationError', `${lines.join('\n')}${more}`);
}

/** Integrations of the catalog in which the company is known to have nothing. */
export const knownEmptyAt = ({ integrationIds }: Organization, catalog: Catalog): string[] =>
  catalog.filter(({ id }) => integrationIds.get(id)?.length === 0).map(({ id }) => id);
