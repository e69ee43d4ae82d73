import { fileURLToPath } from 'node:url';
import * as forms from '../lambdas/counting/ids.ts';
import type { Collector } from '../lambdas/counting/vendor.ts';
import type { Registry } from '../lambdas/registry.ts';
import { catalogEntry } from '../lambdas/report/column.ts';
import { type Access, type WayOut, waysOut } from '../lambdas/steps/access.ts';
import type { Knowledge, StepFunction } from '../lambdas/steps/index.ts';

/**
 * The module and constructor of each way out of a function; a bundle contains only those that its function's access
 * names.
 */
const WAYS: Readonly<Record<WayOut, { file: string; name: string; made: string }>> = {
  objects: { file: 'platform/aws-objects.ts', name: 'awsObjects', made: 'awsObjects(process.env)' },
  secrets: { file: 'platform/aws-secrets.ts', name: 'awsSecrets', made: 'awsSecrets(process.env)' },
  transport: { file: 'wire/transport.ts', name: 'directTransport', made: 'directTransport' },
  mail: { file: 'platform/aws-mail.ts', name: 'awsMail', made: 'awsMail()' },
  connect: { file: 'wire/connect.ts', name: 'directConnect', made: 'directConnect' },
};

/** The forms of customer ids that can be imported without their collector, each with its name. */
const IDS = 'counting/ids.ts';
const FORMS: ReadonlyMap<unknown, string> = new Map(Object.entries(forms).map(([name, form]) => [form, name]));

/** The module of a step's function: it imports only the step and what the step is made of. */
export function stepEntry({ file, madeOf, access }: StepFunction, registry: Registry): string {
  const imports = [importOf('step', `steps/${file}`)];
  if (madeOf === 'nothing') return entry(imports, 'step', access);
  if ('folder' in madeOf) {
    imports.push(importOf('declaration', `${madeOf.folder}/${madeOf.id}.ts`));
    return entry(imports, 'step(declaration)', access, 'declaration.id');
  }
  const knowledge = knownText(madeOf, registry, imports);
  return entry(imports, `step(${knowledge})`, access);
}

/** The `Known` of a step, as source text; what has no literal form is added to `imports`. */
function knownText(knowledge: Knowledge, { collectors, psas, sources }: Registry, imports: string[]): string {
  const declared = (folder: 'collectors' | 'sources', id: string, index: number): string => {
    imports.push(importOf(`${folder}${index}`, `${folder}/${id}.ts`));
    return `${folder}${index}`;
  };
  const catalogued = (collector: Collector, index: number): string => {
    const { customerId, ...values } = catalogEntry(collector);
    const form = FORMS.get(customerId.schema);
    if (form !== undefined) imports.push(`import { ${form} as form${index} } from ${pathOf(IDS)};`);
    const schema =
      form === undefined ? `${declared('collectors', values.id, index)}.customerId.schema` : `form${index}`;
    return `...${JSON.stringify(values)}, customerId: { name: ${JSON.stringify(customerId.name)}, schema: ${schema} }`;
  };
  const known = {
    ids: ({ id }: Collector) => JSON.stringify({ id }),
    catalog: (collector: Collector, index: number) => `{ ${catalogued(collector, index)} }`,
    // The forms of settings lie in the collectors' own code, which is loaded for those that are installed.
    settings: (collector: Collector, index: number) => {
      const file = pathOf(`collectors/${collector.id}.ts`);
      return `{ ${catalogued(collector, index)}, settings: async () => (await import(${file})).default }`;
    },
  };
  const source = ({ id, name, experimental }: Registry['sources'][number], index: number): string => {
    const values = JSON.stringify({ id, name, experimental: experimental !== undefined });
    return `{ ...${values}, settings: ${declared('sources', id, index)}.options.shape }`;
  };
  return (
    `{ collectors: [${collectors.map(known[knowledge.collectors]).join(', ')}], ` +
    `psas: ${JSON.stringify(psas.map(({ id }) => id))}, ` +
    `sources: [${(knowledge.sources === true ? sources : []).map(source).join(', ')}] }`
  );
}

/** The module of a function that starts runs or watches them; `values` are its step's first arguments. */
export function upkeepEntry(file: string, access: Access, values: readonly unknown[] = []): string {
  const runs = `import { awsRuns } from ${pathOf('platform/aws-runs.ts')};`;
  const parameters = [...values.map((value) => JSON.stringify(value)), `awsRuns(process.env)`];
  return entry([importOf('step', `upkeep/${file}`), runs], `step(${parameters.join(', ')})`, access);
}

function entry(imports: readonly string[], step: string, access: Access, integration = 'undefined'): string {
  const ways = waysOut(access);
  // Of the services that send mail one speaks HTTP, by a library that is half as large as all the rest.
  const isLater = (way: WayOut): boolean => way === 'transport' && access.mail === true;
  const later = ({ file, name }: (typeof WAYS)[WayOut]): string =>
    `async (...call) => (await import(${pathOf(file)})).${name}(...call)`;
  const made = ways.map((way) => `${way}: ${isLater(way) ? later(WAYS[way]) : WAYS[way].made}`).join(', ');
  return [
    ...imports,
    ...ways.filter((way) => !isLater(way)).map((way) => `import { ${WAYS[way].name} } from ${pathOf(WAYS[way].file)};`),
    `import { awsPlatform } from ${pathOf('platform/aws.ts')};`,
    `import { lambdaHandler } from ${pathOf('platform/lambda.ts')};`,
    `const ways = { ${made} };`,
    `const platform = (progress) => awsPlatform(process.env, ways, progress);`,
    `export const handler = lambdaHandler(${step}, ${integration}, { platform });`,
    '',
  ].join('\n');
}

const importOf = (name: string, file: string): string => `import ${name} from ${pathOf(file)};`;
const pathOf = (file: string): string => JSON.stringify(fileURLToPath(new URL(`../lambdas/${file}`, import.meta.url)));
