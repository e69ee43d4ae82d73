import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const PROJECT = new URL('../', import.meta.url);

/** Whom each room may import from, itself included. */
const ROOMS: ReadonlyMap<string, readonly string[]> = new Map([
  ['lambdas/report', ['lambdas/report']],
  ['lambdas/configuration', ['lambdas/report', 'lambdas/configuration']],
  ['lambdas/wire', ['lambdas/report', 'lambdas/wire']],
  ['lambdas/counting', ['lambdas/report', 'lambdas/wire', 'lambdas/counting']],
  ['lambdas/ninjaone.ts', ['lambdas/report', 'lambdas/wire']],
  ['lambdas/microsoft-entra.ts', ['lambdas/report', 'lambdas/wire']],
  [
    'lambdas/collectors',
    [
      ...['lambdas/report', 'lambdas/wire', 'lambdas/counting', 'lambdas/ninjaone.ts', 'lambdas/microsoft-entra.ts'],
      'lambdas/collectors',
    ],
  ],
  ['lambdas/psa', ['lambdas/report', 'lambdas/wire', 'lambdas/ninjaone.ts', 'lambdas/psa']],
  ['lambdas/billing', ['lambdas/report', 'lambdas/billing']],
  ['lambdas/views', ['lambdas/report', 'lambdas/views']],
  ['lambdas/workbook', ['lambdas/report', 'lambdas/views', 'lambdas/workbook']],
  ['lambdas/page', ['lambdas/report', 'lambdas/views', 'lambdas/page']],
  ['lambdas/mapping', ['lambdas/report', 'lambdas/mapping']],
  ['lambdas/history', ['lambdas/report', 'lambdas/history']],
  ['lambdas/terms', ['lambdas/report', 'lambdas/terms']],
  [
    'lambdas/sources',
    ['lambdas/report', 'lambdas/wire', 'lambdas/billing', 'lambdas/psa', 'lambdas/ninjaone.ts', 'lambdas/sources'],
  ],
  ['lambdas/platform', ['lambdas/report', 'lambdas/wire', 'lambdas/platform']],
  [
    'lambdas/mail',
    [
      ...['lambdas/report', 'lambdas/configuration', 'lambdas/wire', 'lambdas/microsoft-entra.ts', 'lambdas/platform'],
      'lambdas/mail',
    ],
  ],
  [
    'lambdas/run',
    [
      ...['lambdas/report', 'lambdas/configuration', 'lambdas/wire', 'lambdas/counting', 'lambdas/psa'],
      ...['lambdas/billing', 'lambdas/history', 'lambdas/terms', 'lambdas/views'],
      ...['lambdas/platform', 'lambdas/mail', 'lambdas/run'],
    ],
  ],
  [
    'lambdas/steps',
    [
      ...['lambdas/report', 'lambdas/configuration', 'lambdas/wire', 'lambdas/counting', 'lambdas/psa'],
      ...['lambdas/billing', 'lambdas/sources', 'lambdas/history', 'lambdas/terms', 'lambdas/views'],
      ...['lambdas/workbook', 'lambdas/page', 'lambdas/platform', 'lambdas/mail', 'lambdas/run'],
      ...['lambdas/mapping', 'lambdas/doctor', 'lambdas/registry.ts', 'lambdas/steps'],
    ],
  ],
  [
    'lambdas/doctor',
    [
      ...[
        'lambdas/report',
        'lambdas/configuration',
        'lambdas/wire',
        'lambdas/counting',
        'lambdas/psa',
        'lambdas/billing',
      ],
      ...['lambdas/sources', 'lambdas/platform', 'lambdas/run', 'lambdas/registry.ts', 'lambdas/doctor'],
    ],
  ],
  ['lambdas/upkeep', ['lambdas/report', 'lambdas/platform', 'lambdas/run', 'lambdas/upkeep']],
  ['lambdas/registry.ts', ['lambdas/counting', 'lambdas/psa', 'lambdas/sources']],
  ['statemachine', []],
  [
    'infra',
    [
      ...['lambdas/report', 'lambdas/configuration', 'lambdas/counting', 'lambdas/platform', 'lambdas/registry.ts'],
      ...['lambdas/steps', 'statemachine', 'infra'],
    ],
  ],
]);

type Import = { from: string; to: string };

const imports: Import[] = ['lambdas', 'infra', 'statemachine'].flatMap((top) =>
  readdirSync(new URL(`${top}/`, PROJECT), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => importsOf(`${top}/${file.replaceAll('\\', '/')}`)),
);

function importsOf(from: string): Import[] {
  const here = new URL(from, PROJECT);
  const matches = readFileSync(here, 'utf8').matchAll(
    /^(?:import|export)\b[^;]*? from '(\.[^']+)'|\bimport\('(\.[^']+)'\)/gmu,
  );
  return [...matches]
    .map(([, path, later]) => path ?? later ?? '')
    .map((path) => ({ from, to: new URL(path, here).href.slice(PROJECT.href.length) }));
}

const roomOf = (file: string): string => file.split('/', file.startsWith('lambdas/') ? 2 : 1).join('/');
const sentences = (wrong: readonly Import[]): string[] => wrong.map(({ from, to }) => `${from} imports ${to}`);

it('each room imports only from the rooms that it is allowed to know', () => {
  const strange = imports.filter(({ from, to }) => ROOMS.get(roomOf(from))?.includes(roomOf(to)) !== true);
  expect(sentences(strange)).toEqual([]);
  expect(new Set(imports.map(({ from }) => roomOf(from)))).toEqual(
    new Set([...ROOMS.keys()].filter((room) => room !== 'statemachine')),
  );
});

it('no collector imports another', () => {
  const idOf = (file: string) => /^lambdas\/collectors\/([^/.]+)/u.exec(file)?.[1];
  const strange = imports.filter(
    ({ from, to }) => idOf(from) !== undefined && ![undefined, idOf(from)].includes(idOf(to)),
  );
  expect(sentences(strange)).toEqual([]);
});

it('no files import each other in a circle, not even types', () => {
  const byFile = Map.groupBy(imports, ({ from }) => from);
  const [done, open] = [new Set<string>(), [] as string[]];
  const circleFrom = (file: string): string | undefined => {
    if (open.includes(file)) return [...open.slice(open.indexOf(file)), file].join(' > ');
    if (done.has(file)) return undefined;
    open.push(file);
    const circle = byFile
      .get(file)
      ?.map(({ to }) => circleFrom(to))
      .find((cycle) => cycle !== undefined);
    open.pop();
    done.add(file);
    return circle;
  };
  expect([...byFile.keys()].flatMap((file) => circleFrom(file) ?? [])).toEqual([]);
});
