import { fileURLToPath } from 'node:url';
import type { Registry } from '../lambdas/registry.ts';

/** A value that an entry imports: its name, and the file of `lambdas/` that exports it. */
export type Imported = { name: string; file: string };

/** The module of a function whose step is there as it is. */
export const stepEntry = (step: Imported): string => handlerOf([named(step)], step.name);

/** The module of a function whose step is made of every integration there is. */
export function catalogEntry(step: Imported, { collectors, psas }: Registry): string {
  const imports = collectors.map(({ id }, index) => declared(`collector${index}`, `collectors/${id}.ts`));
  const known = `{ collectors: [${collectors.map((_, index) => `collector${index}`).join(', ')}], psas: ${idsOf(psas)} }`;
  return handlerOf([named(step), ...imports], `${step.name}(${known})`);
}

/** The module of a function that works for one integration. */
export const integrationEntry = (step: Imported, folder: 'collectors' | 'psa', id: string): string =>
  handlerOf(
    [named(step), declared('declaration', `${folder}/${id}.ts`)],
    `${step.name}(declaration)`,
    'declaration.id',
  );

/** The module of a function that starts runs or looks at them; `values` are handed to its step first. */
export function upkeepEntry(step: Imported, values: readonly unknown[] = []): string {
  const runs: Imported = { name: 'awsRuns', file: 'platform/aws-runs.ts' };
  const given = [...values.map((value) => JSON.stringify(value)), `${runs.name}(process.env)`];
  return handlerOf([named(step), named(runs)], `${step.name}(${given.join(', ')})`);
}

const handlerOf = (imports: readonly string[], step: string, integration?: string): string =>
  [
    ...imports,
    named({ name: 'lambdaHandler', file: 'platform/lambda.ts' }),
    `export const handler = lambdaHandler(${integration === undefined ? step : `${step}, ${integration}`});`,
    '',
  ].join('\n');

const named = ({ name, file }: Imported): string => `import { ${name} } from ${pathOf(file)};`;
const declared = (name: string, file: string): string => `import ${name} from ${pathOf(file)};`;
const pathOf = (file: string): string => JSON.stringify(fileURLToPath(new URL(`../lambdas/${file}`, import.meta.url)));
const idsOf = (integrations: readonly { id: string }[]): string => JSON.stringify(integrations.map(({ id }) => id));
