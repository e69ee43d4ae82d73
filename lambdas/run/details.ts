import type { Detail, DetailSink } from '../counting/details.ts';
import type { Objects } from '../platform/platform.ts';
import type { Subscription } from '../report/subscription.ts';
import type { Unit } from '../report/unit.ts';
import { runKeys } from './keys.ts';

const JSON_LINES = 'application/x-ndjson';

/** The sink of one collection, and what keeps it: at a pause, to go on from, and at the end. */
export type Details = { sink: DetailSink; save: () => Promise<void> };

/**
 * Keeps what one collector counted, unit by unit, in the run's folder: a line a batch, its piece of work before it. It waits as text,
 * a tenth of what objects would take. With `named` false no unit is kept, only the subscriptions.
 */
export async function openDetails(
  objects: Objects,
  runId: string,
  integration: string,
  named: boolean,
): Promise<Details> {
  const key = runKeys(runId).details(integration);
  const pieces = new Map(
    (await readLines(objects, key)).flatMap(({ piece, text }) => (piece === null ? [] : [[piece, text]])),
  );
  let lists: string[] = [];
  return {
    sink: {
      async add(details, piece) {
        const kept = named ? details : details.filter((detail) => 'subscription' in detail);
        if (piece !== undefined) pieces.set(piece, JSON.stringify(kept));
        else if (kept.length > 0) lists.push(JSON.stringify(kept));
      },
      async startAgain() {
        lists = [];
      },
    },
    async save() {
      const lines = [
        ...lists.map((text) => lineOf(null, text)),
        ...[...pieces].map(([piece, text]) => lineOf(piece, text)),
      ];
      if (lines.length > 0) await objects.write(key, lines.join(''), JSON_LINES);
    },
  };
}

/** The units of a vendor, in the order in which they were read. */
export async function* readUnits(objects: Objects, runId: string, integration: string): AsyncGenerator<Unit> {
  for await (const detail of readDetails(objects, runId, integration)) if ('unit' in detail) yield detail.unit;
}

/** Whether a vendor's rows named any unit. */
export const hasUnits = async (objects: Objects, runId: string, integration: string): Promise<boolean> =>
  (await readUnits(objects, runId, integration).next()).done !== true;

/** The subscriptions of a vendor. */
export async function readSubscriptions(objects: Objects, runId: string, integration: string): Promise<Subscription[]> {
  const subscriptions: Subscription[] = [];
  for await (const detail of readDetails(objects, runId, integration)) {
    if ('subscription' in detail) subscriptions.push(detail.subscription);
  }
  return subscriptions;
}

async function* readDetails(objects: Objects, runId: string, integration: string): AsyncGenerator<Detail> {
  for (const { text } of await readLines(objects, runKeys(runId).details(integration))) {
    // Only `openDetails` writes this file.
    const details: Detail[] = JSON.parse(text);
    yield* details;
  }
}

const lineOf = (piece: string | null, text: string): string => `${JSON.stringify(piece)}\t${text}\n`;

async function readLines(objects: Objects, key: string): Promise<{ piece: string | null; text: string }[]> {
  const bytes = await objects.read(key);
  if (bytes === undefined) return [];
  const lines = Buffer.from(bytes).toString('utf8').split('\n');
  return lines.slice(0, -1).map((line) => {
    const tab = line.indexOf('\t');
    const piece: string | null = JSON.parse(line.slice(0, tab));
    return { piece, text: line.slice(tab + 1) };
  });
}
