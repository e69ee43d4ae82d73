import type { Bundle } from './bundle.ts';

/** One line a function: how much code it loads. */
export function sizesText(bundles: ReadonlyMap<string, Bundle>): string {
  const width = Math.max(...[...bundles.keys()].map((name) => name.length));
  const lines = [...bundles].map(([name, { bytes }]) => `  ${name.padEnd(width)}  ${(bytes / 1024).toFixed(0)} KiB`);
  return `${['Bundles:', ...lines].join('\n')}\n`;
}
