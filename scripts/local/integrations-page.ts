import * as z from 'zod/mini';
import type { TermFact } from '../../lambdas/counting/names.ts';
import type { Collector } from '../../lambdas/counting/vendor.ts';
import type { Psa } from '../../lambdas/psa/delivery/psa.ts';
import type { Registry } from '../../lambdas/registry.ts';
import type { Column } from '../../lambdas/report/column.ts';
import { bondOf, meaningOf } from '../../lambdas/wire/options.ts';

const APPEARS = {
  always: 'always',
  'when-used': 'when some company has one',
  product: 'one for each product of some company',
} as const;

/** docs/integrations.md: what each integration must be configured with and what it counts, from the declarations. */
export function integrationsPage({ collectors, psas }: Registry): string {
  return [
    '# Integrations',
    'Generated from the declarations in `lambdas/collectors/` and `lambdas/psa/` by `npm run docs`; change those, not this page.',
    'A field of the secret is also accepted in the configuration, and the other way round. A field that is not listed here is refused.',
    '## Vendors',
    ...collectors.flatMap(collectorSection),
    '## What each vendor can name',
    'Vendors whose rows are read name each counted unit in `units.csv` and `changes.csv`, without extra calls; the others give totals. Vendors that sell by term have their terms in `terms.csv`.',
    namesTable(collectors),
    '## PSAs',
    ...psas.flatMap(psaSection),
  ]
    .join('\n\n')
    .concat('\n');
}

const FACTS: Record<TermFact, string> = {
  quantity: 'quantity',
  assigned: 'assigned seats',
  unitCost: 'cost of a seat',
  currency: 'currency',
  billingTerm: 'billing term',
  commitment: 'commitment',
  termEnd: 'end of the term',
  autoRenew: 'auto-renew',
  scheduledQuantity: 'booked quantity',
  committed: 'committed quantities',
  windowEnd: 'window to cancel',
  mayDecrease: 'product rule',
};

/** What units.csv, changes.csv and terms.csv can show of each vendor. */
const namesTable = (collectors: readonly Collector[]): string =>
  table(
    ['vendor', 'named one by one', 'facts of terms'],
    collectors.map(({ name, names }) => [
      name,
      names?.units ?? 'nothing: totals only',
      names?.terms?.map((fact) => FACTS[fact]).join(', ') ?? 'none',
    ]),
  );

/** The table in the README: id, what is counted, customer id. */
export function integrationsTable({ collectors, psas }: Registry): string {
  const rows = collectors.map(({ id, name, columns, products, customerId }) => [
    code(id),
    name,
    [
      ...columns.map(({ title }) => shortTitle(title, name)),
      ...(products === undefined ? [] : ['seats by product']),
    ].join(', '),
    customerId.name,
  ]);
  return [
    table(['id', 'vendor', 'what is counted', 'customer id in `organizations.json`'], rows),
    `Tickets are made in: ${psas.map(({ id, name }) => `${name} (${code(id)})`).join(', ')}.`,
  ].join('\n\n');
}

/** A source file for a page. */
export const codeBlock = (source: string): string => `\`\`\`ts\n${source.trimEnd()}\n\`\`\``;

/** The table in docs/billing.md: where agreements are read, which rights the key needs, and what to verify. */
export function sourcesSection({ sources }: Registry): string {
  const rows = sources.map(({ id, name, rights }) => [`${name} (${code(id)})`, rights]);
  return [
    table(['source', 'rights'], rows),
    table(
      ['source', 'field of `source`, next to `integration`', 'what it does'],
      sources.flatMap(({ name, options }) =>
        Object.entries(options.shape).map(([member, form]) => [name, code(member), meaningOf(form) ?? '']),
      ),
    ),
    ...sources.flatMap(({ name, experimental }) =>
      experimental === undefined ? [] : [`${name} is experimental: ${experimental}.`],
    ),
  ].join('\n\n');
}

/** Puts `content` between the two marks of `name`. */
export function withSection(text: string, name: string, content: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const from = text.indexOf(open);
  const to = text.indexOf(close);
  if (from === -1 || to < from) throw new Error(`the marks ${open} and ${close} are missing`);
  return `${text.slice(0, from + open.length)}\n\n${content}\n\n${text.slice(to)}`;
}

function collectorSection(collector: Collector): string[] {
  const { id, name, customerId, secret, configuration, setup, columns, products } = collector;
  const byProduct: Column[] =
    products === undefined
      ? []
      : [
          {
            title: `${products.prefix} <product>`,
            type: 'number',
            appears: 'product',
            definition: products.definition,
          },
        ];
  return [
    `### ${name} (${code(id)})`,
    `Customer id: ${customerId.name}. At the vendor: ${setup.create}. Rights: ${setup.rights}.`,
    members(`secrets/${id}.json`, secret),
    members(`report.json: integrations.${id}`, configuration),
    table(
      ['column', 'counts', 'shown'],
      [...columns, ...byProduct].map(({ title, definition, appears }) => [title, definition, APPEARS[appears]]),
    ),
  ];
}

function psaSection({ id, name, secret, configuration, setup, members: ticket }: Psa): string[] {
  return [
    `### ${name} (${code(id)})`,
    `At the PSA: ${setup.create}. Rights: ${setup.rights}.`,
    members(`secrets/${id}.json`, secret),
    members(`report.json: integrations.${id}`, configuration),
    table(
      ['field of `delivery.psa.ticket`', 'becomes'],
      Object.entries(ticket).map(([member, meaning]) => [code(member), meaning]),
    ),
  ];
}

/** A table of the fields of a secret or configuration, below the place where they are written. */
export function members(place: string, schema: z.ZodMiniObject): string {
  const rows = optionRows(schema, z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  return rows.length === 0
    ? `${code(place)}: no fields.`
    : `${code(place)}:\n\n${table(['field', 'form', 'required', 'what it does'], rows)}`;
}

/** A row for each option, and for each field of an option that is an object. */
function optionRows(schema: z.ZodMiniObject, { properties = {}, required = [] }: Property, within = ''): string[][] {
  return Object.entries(properties).flatMap(([name, property]) => {
    const form = schema.shape[name];
    if (typeof property !== 'object' || form === undefined) return [];
    const bond = bondOf(name, form);
    const row = [
      code(`${within}${name}`),
      formOf(property, expectedBy(form)),
      bond ?? (required.includes(name) ? 'yes' : 'no'),
      meaningOf(form) ?? '',
    ];
    return [row, ...innerRows(form, property, `${within}${name}`)];
  });
}

/** The rows of an option that is an object or a list of objects, unwrapped from optional and the like. */
function innerRows(form: z.core.$ZodType, property: Property, name: string): string[][] {
  if (form instanceof z.ZodMiniObject) return optionRows(form, property, `${name}.`);
  const { items } = property;
  if (form instanceof z.ZodMiniArray && typeof items === 'object' && !Array.isArray(items)) {
    return innerRows(form.def.element, items, `${name}[]`);
  }
  const { def } = form._zod;
  return 'innerType' in def && def.innerType instanceof z.core.$ZodType ? innerRows(def.innerType, property, name) : [];
}

type Property = Exclude<z.core.JSONSchema.JSONSchema, boolean>;

function formOf(property: Property, expected: string | undefined): string {
  const preset = property.default === undefined ? '' : `; default ${code(JSON.stringify(property.default))}`;
  const kind = kindOf(property);
  return `${kind === 'text' && expected !== undefined ? expected : kind}${preset}`;
}

/** What a field expects, from its error for a wrong text; undefined if it accepts any. */
function expectedBy(member: z.core.$ZodType | undefined): string | undefined {
  const issues = member === undefined ? undefined : z.core.safeParse(member, '\n').error?.issues;
  const [, expected] = /^expected (.*)$/u.exec(issues?.[0]?.message ?? '') ?? [];
  return expected;
}

function kindOf({ enum: choices, const: only, anyOf, type, items, format }: Property): string {
  if (choices !== undefined) return choices.map((choice) => code(JSON.stringify(choice))).join(' or ');
  if (only !== undefined) return code(JSON.stringify(only));
  if (anyOf !== undefined)
    return anyOf.map((form) => (typeof form === 'object' ? kindOf(form) : 'anything')).join(' or ');
  if (type === 'array')
    return `list of ${typeof items === 'object' && !Array.isArray(items) ? kindOf(items) : 'values'}`;
  if (format === 'uri') return 'address';
  const kinds: readonly string[] = type === undefined ? ['anything'] : [type].flat();
  return kinds.map((kind) => (kind === 'string' ? 'text' : kind)).join(' or ');
}

const shortTitle = (title: string, name: string): string =>
  title.startsWith(`${name} `) ? title.slice(name.length + 1) : title;

const code = (text: string): string => `\`${text}\``;

/** A table with padded columns. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, ...rows].map((cells) =>
    cells.map((cell) => cell.replaceAll('|', '\\|').replace(/<(\w+)>/gu, '&lt;$1&gt;')),
  );
  const widths = head.map((_, column) => Math.max(3, ...lines.map((cells) => cells[column]?.length ?? 0)));
  const [first = [], ...others] = lines;
  const rule = widths.map((width) => '-'.repeat(width));
  return [first, rule, ...others]
    .map((cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`)
    .join('\n');
}
