import type { Bundle } from './bundle.ts';

const kibibytes = (bytes: number): string => `${(bytes / 1024).toFixed(0)} KiB`;

/** How many packages of a bundle are named with its size. */
const LARGEST = 3;

/** One line per function: how much code it loads, and from which packages most of it comes. */
export function sizesText(bundles: ReadonlyMap<string, Bundle>): string {
  const width = Math.max(...[...bundles.keys()].map((name) => name.length));
  const lines = [...bundles].map(([name, { bytes, laterBytes, packages }]) => {
    const largest = [...packages].sort(([, a], [, b]) => b - a).slice(0, LARGEST);
    const named = largest.map(([of, its]) => `${of} ${kibibytes(its)}`).join(', ');
    const later = laterBytes === 0 ? '' : `; ${kibibytes(laterBytes)} of it only when needed`;
    return `  ${name.padEnd(width)}  ${kibibytes(bytes + laterBytes).padStart(8)}  ${named}${later}`;
  });
  return `${['Bundles:', ...lines].join('\n')}\n`;
}
