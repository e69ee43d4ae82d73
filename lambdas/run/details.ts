import type { Detail, DetailSink } from '../counting/details.ts';
import type { Objects } from '../platform/platform.ts';
import { ReportError } from '../report/errors.ts';
import type { Subscription } from '../report/subscription.ts';
import type { Unit } from '../report/unit.ts';
import { runKeys } from './keys.ts';

const JSON_LINES = 'application/x-ndjson';

/** Characters that wait for their part: more would strain a collector's memory, fewer would mean a write per page. */
const PART = 1 << 20;

/** The sink of one collection; `save` writes the rest, at a pause and at the end. */
export type Details = { sink: DetailSink; save: () => Promise<void> };

/**
 * Writes what one collector counted, unit by unit, to the run's folder: a line per batch, in parts that are written as
 * they fill, so that a large fleet is never in memory at once. Lists, which every lifetime reads again, and finished
 * pieces of work, which survive a pause, have separate parts. An index written at `save` lists the parts that count and
 * holds the unfinished one. With `named` false no unit is written, only subscriptions; without `goesOn` nothing was
 * finished before.
 */
export async function openDetails(
  objects: Objects,
  runId: string,
  integration: string,
  { named, goesOn }: { named: boolean; goesOn: boolean },
): Promise<Details> {
  const keyOf = keysOf(runId, integration);
  const before = await readIndex(objects, runId, integration);
  const partsOf = (kind: Kind, from: Rest): Parts =>
    new Parts(from, (part, body) => objects.write(keyOf(kind, part), body, JSON_LINES));
  let lists = partsOf('lists', EMPTY);
  const pieces = partsOf('pieces', goesOn && before !== undefined ? before.pieces : EMPTY);
  return {
    sink: {
      async add(details, piece) {
        const some = named ? details : details.filter((detail) => 'subscription' in detail);
        if (piece !== undefined) await pieces.add(lineOf(piece, some));
        else if (some.length > 0) await lists.add(lineOf(null, some));
      },
      async startAgain() {
        lists = partsOf('lists', EMPTY);
      },
    },
    async save() {
      if (before === undefined && lists.isEmpty && pieces.isEmpty) return;
      const index: Index = { lists: lists.rest, pieces: pieces.rest };
      await objects.write(keyOf('index'), JSON.stringify(index), JSON_LINES);
    },
  };
}

/**
 * The units of a vendor, as many at a time as were written together: those of its lists, then those of its pieces of
 * work, in the order in which they were finished.
 */
export async function* readUnits(objects: Objects, runId: string, integration: string): AsyncGenerator<Unit[]> {
  for await (const details of readDetails(objects, runId, integration, 'unit')) {
    yield details.flatMap((detail) => ('unit' in detail ? [detail.unit] : []));
  }
}

/** Whether a vendor's rows named any unit. */
export const hasUnits = async (objects: Objects, runId: string, integration: string): Promise<boolean> =>
  (await readUnits(objects, runId, integration).next()).done !== true;

/** The subscriptions of a vendor. */
export async function readSubscriptions(objects: Objects, runId: string, integration: string): Promise<Subscription[]> {
  const subscriptions: Subscription[] = [];
  for await (const details of readDetails(objects, runId, integration, 'subscription')) {
    for (const detail of details) if ('subscription' in detail) subscriptions.push(detail.subscription);
  }
  return subscriptions;
}

type Kind = 'lists' | 'pieces';

/** How many parts are written, and the lines that wait for the next. */
type Rest = { parts: number; lines: string[] };

type Index = Record<Kind, Rest>;

const EMPTY: Rest = { parts: 0, lines: [] };

/** Lines that become a part as soon as there are enough of them. */
class Parts {
  readonly #write: (part: number, body: string) => Promise<void>;
  #parts: number;
  #lines: string[];
  #length: number;

  constructor({ parts, lines }: Rest, write: (part: number, body: string) => Promise<void>) {
    this.#write = write;
    this.#parts = parts;
    this.#lines = [...lines];
    this.#length = lines.reduce((length, line) => length + line.length, 0);
  }

  get isEmpty(): boolean {
    return this.#parts === 0 && this.#lines.length === 0;
  }

  get rest(): Rest {
    return { parts: this.#parts, lines: this.#lines };
  }

  async add(line: string): Promise<void> {
    this.#lines.push(line);
    this.#length += line.length;
    if (this.#length < PART) return;
    const body = `${this.#lines.join('\n')}\n`;
    const part = this.#parts;
    this.#parts += 1;
    this.#lines = [];
    this.#length = 0;
    await this.#write(part, body);
  }
}

/**
 * The batches that have a detail of the kind, perhaps besides others. A large fleet has no subscriptions to look for.
 */
async function* readDetails(
  objects: Objects,
  runId: string,
  integration: string,
  kind: 'unit' | 'subscription',
): AsyncGenerator<Detail[]> {
  const mark = `{"${kind}":`;
  const index = await readIndex(objects, runId, integration);
  if (index === undefined) return;
  const linesOf = (kind: Kind) => readLines(objects, runId, integration, kind, index[kind]);
  for await (const { text } of linesOf('lists')) if (text.includes(mark)) yield detailsIn(text);
  // A piece of work that was repeated, because its lifetime ended before it was saved, replaces the earlier one.
  const last = new Map<string | null, number>();
  let place = 0;
  for await (const { piece } of linesOf('pieces')) last.set(piece, place++);
  place = 0;
  for await (const { piece, text } of linesOf('pieces')) {
    if (last.get(piece) === place++ && text.includes(mark)) yield detailsIn(text);
  }
}

/** Only `openDetails` writes these lines. */
const detailsIn = (text: string): Detail[] => JSON.parse(text);

const lineOf = (piece: string | null, details: readonly Detail[]): string =>
  `${JSON.stringify(piece)}\t${JSON.stringify(details)}`;

type Line = { piece: string | null; text: string };

async function* readLines(
  objects: Objects,
  runId: string,
  integration: string,
  kind: Kind,
  { parts, lines }: Rest,
): AsyncGenerator<Line> {
  const keyOf = keysOf(runId, integration);
  for (let part = 0; part < parts; part += 1) {
    const key = keyOf(kind, part);
    const bytes = await objects.read(key);
    if (bytes === undefined) throw new ReportError('ConfigurationError', `${objects.locate(key)} is gone; run again`);
    for (const line of Buffer.from(bytes).toString('utf8').split('\n')) if (line !== '') yield readLine(line);
  }
  for (const line of lines) yield readLine(line);
}

function readLine(line: string): Line {
  const tab = line.indexOf('\t');
  return { piece: JSON.parse(line.slice(0, tab)), text: line.slice(tab + 1) };
}

async function readIndex(objects: Objects, runId: string, integration: string): Promise<Index | undefined> {
  const bytes = await objects.read(keysOf(runId, integration)('index'));
  return bytes === undefined ? undefined : JSON.parse(Buffer.from(bytes).toString('utf8'));
}

const keysOf =
  (runId: string, integration: string) =>
  (kind: Kind | 'index', part?: number): string =>
    runKeys(runId).details(integration, part === undefined ? kind : `${kind}-${part}`);
