import * as z from 'zod/mini';
import type { Catalog, CatalogEntry } from '../report/column.ts';
import { describeIssue, kindOf } from '../report/describe-issue.ts';
import { ReportError } from '../report/errors.ts';
import { members } from '../report/members.ts';
import { byText } from '../report/order.ts';
import type { Organization } from '../report/organization.ts';
import { isRecord } from '../report/record.ts';
import { someText } from './some-text.ts';

/** More faults than this are usually all of one kind, and a page of them helps nobody. */
const FAULTS_NAMED = 50;

/**
 * Reads organizations.json: vendor ids in the form that their integration requires, those of `extra` (such as PSAs) in
 * any form. An id that two companies have is not an error here: the report shows `ambiguous`.
 * Errors: `ConfigurationError`, one line per fault, with company, integration and the expected form.
 */
export function readOrganizations(value: unknown, catalog: Catalog, extra: readonly string[]): Organization[] {
  const result = z.safeParse(File, value);
  if (!result.success) {
    throw faulty(result.error.issues.map((issue) => `${describeIssue(issue, value)}${whose(value, issue.path)}`));
  }
  const entries = new Map(catalog.map((entry) => [entry.id, entry]));
  const names = new Map<string, string>();
  const faults: string[] = [];
  const organizations = result.data.organizations.map((organization, index): Organization => {
    const { id, name } = organization;
    const owner = names.get(id);
    if (owner !== undefined) faults.push(`organizations.${index}.id: "${id}" is already the id of ${owner}`);
    names.set(id, name);
    const integrationIds = new Map<string, string[]>();
    for (const [integration, ids] of Object.entries(organization.integrationIds ?? {})) {
      const place = (at = '') => `organizations.${index}.integrationIds.${integration}${at} (${name})`;
      const entry = entries.get(integration);
      if (entry === undefined && !extra.includes(integration)) {
        const expected = [...new Set([...entries.keys(), ...extra])].sort(byText);
        faults.push(`${place()}: unknown integration "${integration}"; known: ${expected.join(', ')}`);
        continue;
      }
      const read = readIds(ids, entry);
      faults.push(...read.faults.map(({ at, fault }) => `${place(at)}: ${fault}`));
      integrationIds.set(integration, read.ids);
    }
    return { id, name, enabled: organization.enabled ?? true, integrationIds };
  });
  if (faults.length > 0) throw faulty(faults);
  return organizations;
}

/** The faulty company by its name or id, because nobody counts entries in a long file. */
function whose(value: unknown, [list, index]: readonly PropertyKey[]): string {
  if (!isRecord(value) || list !== 'organizations' || !Array.isArray(value.organizations)) return '';
  const company: unknown = typeof index === 'number' ? value.organizations[index] : undefined;
  const name = isRecord(company)
    ? [company.name, company.id].find((text) => typeof text === 'string' && text.trim() !== '')
    : undefined;
  return typeof name === 'string' ? ` (company ${JSON.stringify(name)})` : '';
}

const File = members({
  organizations: z.array(
    members({
      id: someText,
      name: someText,
      enabled: z.optional(z.boolean()),
      integrationIds: z.optional(
        z.custom<Record<string, unknown>>(isRecord, 'expected an object with one field per integration'),
      ),
    }),
  ),
});

/** `at`: which entry of a list it is, as the end of a path; empty for an id that stands alone. */
type IdFault = { at: string; fault: string };

/** One id or a list of ids: text, or a number small enough to be exact. */
function readIds(value: unknown, entry: CatalogEntry | undefined): { ids: string[]; faults: IdFault[] } {
  const ids = new Set<string>();
  const faults: IdFault[] = [];
  for (const [index, item] of (Array.isArray(value) ? value : [value]).entries()) {
    const at = Array.isArray(value) ? `.${index}` : '';
    const id = typeof item === 'string' || Number.isSafeInteger(item) ? String(item).trim() : undefined;
    if (id === undefined || id === '') {
      const expected = 'expected an id as text or whole number (up to 15 digits)';
      const found = id === '' ? 'an empty text' : kindOf(item);
      faults.push({ at, fault: `${expected}${at === '' ? ', or a list of them' : ''}, found ${found}` });
      continue;
    }
    if (entry === undefined) {
      ids.add(id);
      continue;
    }
    const result = z.safeParse(entry.customerId.schema, id);
    if (result.success) ids.add(result.data);
    else {
      const fault = `"${id}" is not a valid ${entry.customerId.name} for ${entry.name}${formOf(result.error.issues)}`;
      faults.push({ at, fault });
    }
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
