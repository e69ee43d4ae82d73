import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import * as z from 'zod/mini';
import { run } from './programs.ts';

/** Megabytes of the step's Lambda, and what Node may use of them for objects that live long. */
const LAMBDA = 1024;
const HEAP = 512;

/** What a mail can carry. */
const LARGEST = 25 * 1024 * 1024;

const Took = z.object({ bytes: z.number(), milliseconds: z.number(), megabytes: z.number() });

it.each(['workbook', 'page'])(
  '5,000 companies with 404 columns fit into the memory of the step, and the %s into a mail',
  async (view) => {
    const program = fileURLToPath(new URL('large.ts', import.meta.url));
    const { stdout } = await run(process.execPath, [`--max-old-space-size=${HEAP}`, program, view]);
    const took = z.parse(Took, JSON.parse(stdout));
    console.log(view, took);
    expect(took.megabytes).toBeLessThan(LAMBDA);
    expect(took.bytes).toBeLessThan(LARGEST);
  },
);
