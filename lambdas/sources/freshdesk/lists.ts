import * as z from 'zod/mini';
import { ReportError } from '../../report/errors.ts';
import type { Api } from '../../wire/api.ts';
import { maybe } from '../../wire/forms.ts';
import { byLink, nextLink } from '../../wire/paging.ts';
import { RefusedAnswer } from '../../wire/refused-answer.ts';

/** A larger page is an error there, not a shorter page. */
const PAGE = 100;
const SCHEMAS = '/custom_objects/schemas';

const id = z.pipe(z.union([z.string().check(z.minLength(1)), z.int()]), z.transform(String));

const Company = z.object({
  id: z.int(),
  name: maybe(z.string()),
  /** The number by which records of custom objects refer to a company. */
  org_company_id: z.optional(z.nullable(z.union([z.int(), z.string()]))),
  custom_fields: z.optional(z.nullable(z.record(z.string(), z.unknown()))),
});

export type Company = z.output<typeof Company>;

const Schema = z.object({
  id,
  name: z.string(),
  deleted: z.optional(z.nullable(z.boolean())),
  fields: z.array(z.object({ name: z.string(), label: z.string(), type: z.optional(z.nullable(z.string())) })),
});

export type Schema = z.output<typeof Schema>;

/** A record of the custom object. */
const Note = z.object({ display_id: id, data: z.record(z.string(), z.unknown()) });

export type Note = z.output<typeof Note>;

/** Where public clients find the next page; its address is used unchanged. */
const links = z.optional(z.nullable(z.object({ next: z.optional(z.nullable(z.object({ href: z.string() }))) })));
const Records = z.object({ records: z.array(Note), _links: links, links });

export const companiesOf = (api: Api): Promise<Company[]> =>
  Array.fromAsync(
    api.pages(
      '/companies',
      { page: z.array(Company), rows: (rows) => rows, key: (company) => company.id },
      byLink({ query: { per_page: PAGE }, next: (_, headers) => nextLink(headers) }),
    ),
  );

/** Errors: `ConfigurationError` for a field that no company has. */
export function expectFields(companies: readonly Company[], fields: readonly string[]): void {
  const custom = new Set(companies.flatMap(({ custom_fields }) => Object.keys(custom_fields ?? {})));
  const missing = fields.filter((field) => !custom.has(field));
  if (missing.length === 0) return;
  const names = custom.size === 0 ? 'none' : [...custom].sort().join(', ');
  throw misconfigured('companyFields', `no company has ${missing.join(', ')}; found are ${names}`);
}

/** All custom objects that the key can see, including deleted ones. */
export const schemasOf = async (api: Api): Promise<Schema[]> =>
  (await api.get(SCHEMAS, { schema: z.object({ schemas: z.array(Schema) }) })).schemas;

/**
 * The custom object of this name. Errors: `ConfigurationError` if the plan or the key has no custom objects, or not
 * this one.
 */
export async function objectOf(api: Api, name: string): Promise<Schema> {
  const schemas = await schemasOf(api).catch((error: unknown) => {
    if (!(error instanceof RefusedAnswer) || error.status !== 403) throw error;
    const what = 'this plan or this key has no custom objects; use companyFields, or billed.csv';
    throw misconfigured('object', what);
  });
  return objectNamed(name, schemas);
}

/** The one of this name that was not deleted. Errors: `ConfigurationError` if there is none. */
export function objectNamed(name: string, schemas: readonly Schema[]): Schema {
  const present = schemas.filter(({ deleted }) => deleted !== true);
  const schema = present.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
  if (schema !== undefined) return schema;
  const names = present.map((schema) => `"${schema.name}"`).join(', ');
  throw misconfigured('object', `no custom object "${name}"; the key sees ${names === '' ? 'none' : names}`);
}

const recordsAt = (schema: string): string => `${SCHEMAS}/${schema}/records`;

/** How many records an object has. */
export const recordCount = async (api: Api, schema: string): Promise<number> =>
  (await api.get(`${recordsAt(schema)}/count`, { schema: z.object({ count: z.int() }) })).count;

/** The records of an object, compared with their count. */
export async function* recordsOf(api: Api, domain: string, schema: string): AsyncGenerator<Note> {
  const count = await recordCount(api, schema);
  yield* api.pages(
    recordsAt(schema),
    { page: Records, rows: ({ records }) => records, key: ({ display_id }) => display_id },
    byLink({
      query: { page_size: PAGE },
      next: ({ _links, links }) => {
        const href = (_links ?? links)?.next?.href;
        return href === undefined ? undefined : new URL(href, `https://${domain}.freshdesk.com`).href;
      },
      declared: () => ({ rows: count }),
    }),
  );
}

export const misconfigured = (member: string, what: string): ReportError =>
  new ReportError('ConfigurationError', `billing.json: source.${member}: ${what}`, { wide: true });
