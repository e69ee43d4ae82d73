import { fileURLToPath } from 'node:url';
import type { Registry } from '../lambdas/registry.ts';
import type { StepFunction } from '../lambdas/steps/index.ts';

/** The module of a step's function: it imports the step alone, and what the step is made of. */
export function stepEntry(file: string, madeOf: StepFunction['madeOf'], registry: Registry): string {
  const imports = [importOf('step', `steps/${file}`)];
  switch (madeOf) {
    case 'nothing':
      return entry(imports, 'step');
    case 'known': {
      const { collectors, psas, sources } = registry;
      const declared = (folder: 'collectors' | 'sources', all: readonly { id: string }[]): string => {
        imports.push(...all.map(({ id }, index) => importOf(`${folder}${index}`, `${folder}/${id}.ts`)));
        return `[${all.map((_, index) => `${folder}${index}`).join(', ')}]`;
      };
      const ids = JSON.stringify(psas.map(({ id }) => ({ id })));
      const known = `{ collectors: ${declared('collectors', collectors)}, psas: ${ids}, sources: ${declared('sources', sources)} }`;
      imports.push(`import { knownIn } from ${pathOf('run/known.ts')};`);
      return entry(imports, `step(knownIn(${known}))`);
    }
    default:
      imports.push(importOf('declaration', `${madeOf.folder}/${madeOf.id}.ts`));
      return entry(imports, 'step(declaration), declaration.id');
  }
}

/** The module of a function that starts runs or looks at them; `values` are handed to its step first. */
export function upkeepEntry(file: string, values: readonly unknown[] = []): string {
  const runs = `import { awsRuns } from ${pathOf('platform/aws-runs.ts')};`;
  const given = [...values.map((value) => JSON.stringify(value)), `awsRuns(process.env)`];
  return entry([importOf('step', `upkeep/${file}`), runs], `step(${given.join(', ')})`);
}

const entry = (imports: readonly string[], handled: string): string =>
  [
    ...imports,
    `import { lambdaHandler } from ${pathOf('platform/lambda.ts')};`,
    `export const handler = lambdaHandler(${handled});`,
    '',
  ].join('\n');

const importOf = (name: string, file: string): string => `import ${name} from ${pathOf(file)};`;
const pathOf = (file: string): string => JSON.stringify(fileURLToPath(new URL(`../lambdas/${file}`, import.meta.url)));
