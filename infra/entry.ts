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
      const { collectors, psas } = registry;
      imports.push(...collectors.map(({ id }, index) => importOf(`collector${index}`, `collectors/${id}.ts`)));
      const names = collectors.map((_, index) => `collector${index}`).join(', ');
      const ids = JSON.stringify(psas.map(({ id }) => id));
      return entry(imports, `step({ collectors: [${names}], psas: ${ids} })`);
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
