import * as z from 'zod/mini';
import { describeIssue } from '../report/describe-issue.ts';
import { ReportError } from '../report/errors.ts';
import { members } from '../report/members.ts';
import type { Organization } from '../report/organization.ts';
import { isRecord } from '../report/record.ts';
import { BILLED_CSV, type FileSettings, fileShape } from './billed-csv/settings.ts';
import { billingShape, type Exception, type ProductRef, type Service } from './configuration-shape.ts';
import type { PeriodSetting } from './period.ts';
import { type CountingIntegration, titleFault } from './titles.ts';

export type { Exception, ProductRef, Rule, Service } from './configuration-shape.ts';

/** The checked content of billing.json. */
export type BillingConfiguration = {
  sources: BillingSource[];
  period: PeriodSetting;
  services: Service[];
  exceptions: Exception[];
};

/** Where billed lines come from; `id` is the field of `integrationIds` with the ids of its customers. */
export type BillingSource =
  | { kind: 'psa'; id: string; name: string; settings: Record<string, unknown> }
  | { kind: 'file'; id: typeof BILLED_CSV; settings: FileSettings };

/** A PSA whose billed lines can be read; `settings` are the fields of its source other than `integration`. */
export type KnownSource = {
  id: string;
  name: string;
  experimental?: boolean;
  settings?: Readonly<Record<string, z.core.$ZodType>>;
};

/** What can be named in billing.json. */
export type KnownToBilling = {
  sources: readonly KnownSource[];
  catalog: readonly CountingIntegration[];
  organizations: readonly Organization[];
  managingOrganization: { id: string; name: string };
};

/**
 * Reads billing.json.
 * Errors: `ConfigurationError`, one line per fault: file, path of the field, what is expected, what was found.
 */
export function readBillingConfiguration(value: unknown, known: KnownToBilling): BillingConfiguration {
  const result = z.safeParse(billingShape, value);
  const { sources, faults } = isRecord(value)
    ? readSources(value.source, value, known.sources)
    : { sources: [], faults: [] };
  if (!result.success) {
    throw faulty([...result.error.issues.map((issue) => describeIssue(issue, value)), ...faults]);
  }
  const { period, services, exceptions } = result.data;
  faults.push(
    ...serviceFaults(services, known.catalog),
    ...productFaults(services),
    ...exceptionFaults(exceptions, services, known),
    ...twoSourceFaults(sources, known.organizations),
  );
  if (faults.length > 0) throw faulty(faults);
  return { sources, period, services, exceptions };
}

const faulty = (faults: readonly string[]): ReportError =>
  new ReportError('ConfigurationError', faults.map((fault) => `billing.json: ${fault}`).join('\n'));

function readSources(written: unknown, root: unknown, known: readonly KnownSource[]) {
  const sources: BillingSource[] = [];
  const faults: string[] = [];
  for (const [index, entry] of (Array.isArray(written) ? written : [written]).entries()) {
    const path = Array.isArray(written) ? ['source', index] : ['source'];
    const source = sourceOf(entry, known);
    if (source.success) sources.push(source.data);
    else {
      const issues = source.error.issues.map((issue) => ({ ...issue, path: [...path, ...issue.path] }));
      faults.push(...issues.map((issue) => describeIssue(issue, root)));
    }
  }
  if (Array.isArray(written) && written.length === 0) faults.push('source: expected at least one source');
  for (const id of new Set(sources.map((source) => source.id))) {
    if (sources.filter((source) => source.id === id).length > 1) faults.push(`source: "${id}" is listed twice`);
  }
  return { sources, faults };
}

/** Reads one source by its own schema, so that a fault names the field and not "none of the forms". */
function sourceOf(entry: unknown, known: readonly KnownSource[]): z.core.util.SafeParseResult<BillingSource> {
  const psas = known.map(({ id }) => id);
  if (entry === undefined) return z.safeParse(NO_SOURCE, entry);
  if (typeof entry === 'object' && entry !== null && 'file' in entry) {
    const file = z.pipe(
      fileShape(psas),
      z.transform((settings): BillingSource => ({ kind: 'file', id: BILLED_CSV, settings })),
    );
    return z.safeParse(file, entry);
  }
  const id: unknown = typeof entry === 'object' && entry !== null ? Reflect.get(entry, 'integration') : undefined;
  const psa = known.find((candidate) => candidate.id === id);
  const flag = z.custom<true>(
    (value) => value === true,
    `${JSON.stringify(id)} is experimental; expected "experimental": true next to it`,
  );
  const shape = members({
    integration: z.enum(
      psas,
      `expected ${psas.join(', ')}, or "file" instead; found ${id === undefined ? 'nothing' : JSON.stringify(id)}`,
    ),
    ...(psa?.experimental === true ? { experimental: flag } : {}),
    ...psa?.settings,
  });
  const source = z.pipe(
    shape,
    z.transform(({ integration, experimental: _, ...settings }): BillingSource => {
      return { kind: 'psa', id: integration, name: psa?.name ?? integration, settings };
    }),
  );
  return z.safeParse(source, entry);
}

const NO_SOURCE = z.custom<BillingSource>(
  () => false,
  'expected the source of billed lines: { "integration": "…" }, { "file": "billed.csv" } or a list of these',
);

function serviceFaults(services: readonly Service[], catalog: readonly CountingIntegration[]): string[] {
  const ids = new Set<string>();
  return services.flatMap(({ id, counts }, index) => {
    const faults = ids.has(id) ? [`services.${index}.id: "${id}" is already the id of another service`] : [];
    ids.add(id);
    for (const [place, title] of counts.entries()) {
      const twice = counts.indexOf(title) < place ? `"${title}" is listed twice and would count twice` : undefined;
      const fault = twice ?? titleFault(title, catalog);
      if (fault !== undefined) faults.push(`services.${index}.counts.${place} ("${id}"): ${fault}`);
    }
    return faults;
  });
}

function productFaults(services: readonly Service[]): string[] {
  const owners = new Map<string, string>();
  return services.flatMap(({ id, products }, index) =>
    products.flatMap((product, place) => {
      const key = keyOf(product);
      const owner = owners.get(key);
      owners.set(key, owner ?? id);
      return owner === undefined
        ? []
        : [`services.${index}.products.${place} ("${id}"): ${key} already belongs to the service "${owner}"`];
    }),
  );
}

const keyOf = (product: ProductRef): string =>
  typeof product === 'string' ? `"${product}"` : `the product with id "${product.id}"`;

function exceptionFaults(
  exceptions: readonly Exception[],
  services: readonly Service[],
  { organizations, managingOrganization }: KnownToBilling,
): string[] {
  const companies = new Set([managingOrganization.id, ...organizations.map(({ id }) => id)]);
  const seen = new Set<string>();
  return exceptions.flatMap(({ company, service, kind }, index) => {
    const place = `exceptions.${index}`;
    const key = JSON.stringify([company, service, kind]);
    const faults = [
      ...(companies.has(company)
        ? []
        : [`${place}.company: expected a company's id in organizations.json, found "${company}"`]),
      ...(services.some(({ id }) => id === service)
        ? []
        : [`${place}.service: expected a service's id, found "${service}"`]),
      ...(seen.has(key) ? [`${place}: "${company}" already has an exception "${kind}" for "${service}"`] : []),
    ];
    seen.add(key);
    return faults;
  });
}

/** If a company is billed at two sources, the same lines would be added up twice. */
function twoSourceFaults(sources: readonly BillingSource[], organizations: readonly Organization[]): string[] {
  return organizations
    .filter(({ enabled }) => enabled)
    .flatMap(({ name, integrationIds }) => {
      const ids = sources.filter(({ id }) => (integrationIds.get(id) ?? []).length > 0).map(({ id }) => id);
      return ids.length < 2 ? [] : [`source: ${name} has ids at ${ids.join(' and at ')}; keep those of one source`];
    });
}
