import type { Collector } from '../../lambdas/counting/vendor.ts';
import type { Collection } from '../../lambdas/report/collection.ts';
import { bench, collection } from '../collectors/run.ts';
import { answerOf } from '../sandbox/answer.ts';
import { type DemoMsp, demoMsp } from '../sandbox/demo-msp.ts';
import type { SandboxRequest, SandboxResponse, SandboxVendor, VendorFactory } from '../sandbox/vendor.ts';

/** A request and its answer in a clean run. `index` counts the requests of one list. */
export type Exchange = {
  list: string;
  index: number;
  signature: string;
  /** The list without its page, but with its owner. */
  series: string;
  request: SandboxRequest;
  answer: JsonAnswer;
};

/** An answer, its body parsed if it is JSON. */
export type JsonAnswer = { status: number; headers: Record<string, string>; body: unknown };

/** Replaces the vendor for one request; undefined lets the vendor answer. `ask` has the vendor's own answer. */
export type Spoil = (at: {
  list: string;
  index: number;
  signature: string;
  ask: () => Promise<JsonAnswer>;
}) => Promise<SandboxResponse> | SandboxResponse | undefined;

/** `cells`: the content of the collection, by `sketch`. */
export type CleanRun = { collection: Collection; cells: Map<string, string>; exchanges: Exchange[] };

/** How a spoiled run ended; `leaked` holds the foreign hosts that received a request. */
export type Ending = ({ collection: Collection } | { error: Error }) & { leaked: string[] };

/** A host that belongs to nobody: whatever arrives there was led away from the vendor. */
export const FOREIGN_HOST = 'collect.evil.example';

const MSP = demoMsp(12);

/** How many pages a list is cut into, so that it has a first, a middle and a last one. */
const PAGES = 4;

const SIZE =
  /^(limit|size|max|take|count|first|\$?top|(page|per|items|results)[_.-]?(per[_-]?)?(size|page|limit)|page\[(size|first)\]|pagination\.limit)$/iu;
const PLACE = /page|offset|cursor|skip|start|after|before|token|from|marker|continu/iu;

/** An id in a path or a query identifies a customer, not a list. */
const ID = /^(\d+|[0-9a-f]{8}-[0-9a-f-]{27}|(?=.*\d)[A-Za-z0-9_-]{16,}|.*@.*|.+\.[a-z]{2,})$/iu;
const shapeOf = (part: string): string => (ID.test(part) ? ':id' : part);

/** The list that a request reads: what it requests, without the page and (by `shape`) without the owner. */
function listOf({ method, path, query }: SandboxRequest, shape: (part: string) => string = shapeOf): string {
  const asked = [...query]
    .filter(([name]) => !SIZE.test(name) && !PLACE.test(name))
    .map(([name, value]) => `${name}=${shape(value)}`)
    .sort();
  const place = path.split('/').map(shape).join('/');
  return `${method} ${place}${asked.length === 0 ? '' : `?${asked.join('&')}`}`;
}

/** What is requested, and for whom: one address can answer each tenant's token with that tenant's rows. */
const signatureOf = ({ method, host, path, query, body, headers }: SandboxRequest): string =>
  `${method} ${host}${path}?${query} ${Buffer.from(body)} ${tokenOf(headers.authorization)}`;

const tokenOf = (authorization = ''): string => /^Bearer (.+)$/u.exec(authorization)?.[1] ?? '';

function parsed(response: SandboxResponse): JsonAnswer {
  const { status, headers, body } = answerOf(response);
  const text = Buffer.from(body).toString('utf8');
  try {
    return { status, headers, body: JSON.parse(text) };
  } catch {
    return { status, headers, body: text };
  }
}

/** The arrays of objects in a body, the longest first: where its rows are. */
export function rowsIn(body: unknown): Record<string, unknown>[] {
  const arrays: Record<string, unknown>[][] = [];
  const walk = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null || depth > 4) return;
    if (Array.isArray(value)) {
      const rows = value.filter((item): item is Record<string, unknown> => typeof item === 'object' && item !== null);
      if (rows.length > 0 && rows.length === value.length) arrays.push(value);
      return;
    }
    for (const member of Object.values(value)) walk(member, depth + 1);
  };
  walk(body, 0);
  return arrays.sort((a, b) => b.length - a.length)[0] ?? [];
}

/** One vendor's collector under faults: a clean run to compare with, and runs in which something is spoiled. */
export class Rig {
  readonly collector: Collector;
  readonly #make: VendorFactory;
  readonly #sizes: ReadonlyMap<string, number>;
  readonly clean: CleanRun;
  /** What the vendor answers for a larger fleet. */
  readonly noise: readonly Exchange[];
  /** Values of the secret that nobody may read. */
  readonly secrets: readonly string[];

  private constructor(
    collector: Collector,
    make: VendorFactory,
    sizes: ReadonlyMap<string, number>,
    clean: CleanRun,
    noise: readonly Exchange[],
  ) {
    this.collector = collector;
    this.#make = make;
    this.#sizes = sizes;
    this.clean = clean;
    this.noise = noise;
    this.secrets = Object.entries(make(MSP).secret).flatMap(([name, value]) =>
      /secret|token|password|key/iu.test(name) && typeof value === 'string' && value.length >= 8 ? [value] : [],
    );
  }

  static async for(collector: Collector, make?: VendorFactory): Promise<Rig> {
    const factory = make ?? (await import(`../sandbox/vendor-apis/${collector.id}.ts`)).default;
    const whole = await recorded(collector, factory, new Map());
    const lists = Map.groupBy(whole.exchanges, ({ list }) => list);
    const sizes = new Map<string, number>();
    for (const [list, exchanges] of lists) {
      const rows = exchanges.reduce((sum, { answer }) => sum + rowsIn(answer.body).length, 0);
      // Lists per customer stay as they are: there are many of them.
      const alone = new Set(exchanges.map(({ series }) => series)).size === 1;
      const sized = exchanges.some(({ request }) => [...request.query.keys()].some((name) => SIZE.test(name)));
      if (alone && sized && rows >= 2) sizes.set(list, Math.ceil(rows / PAGES));
    }
    // If a list's pages cannot be made smaller, it is read unchanged.
    for (const [list, size] of [...sizes]) {
      const cut = await recorded(collector, factory, new Map([[list, size]])).catch(() => undefined);
      if (cut === undefined || !sameNumbers(cut, whole)) sizes.delete(list);
    }
    const { exchanges: noise } = await recorded(collector, factory, new Map(), demoMsp());
    const clean = sizes.size === 0 ? whole : await recorded(collector, factory, sizes);
    return new Rig(collector, factory, sizes, clean, noise);
  }

  /** The lists of the clean run, each with its exchanges. */
  lists(): [list: string, exchanges: Exchange[]][] {
    return [...Map.groupBy(this.clean.exchanges, ({ list }) => list)];
  }

  async run(spoil: Spoil): Promise<Ending> {
    const leaked: string[] = [];
    try {
      return { collection: await collected(this.collector, this.#make, this.#sizes, spoil, leaked), leaked };
    } catch (error) {
      return { error: error instanceof Error ? error : new Error(String(error)), leaked };
    }
  }
}

async function recorded(
  collector: Collector,
  make: VendorFactory,
  sizes: ReadonlyMap<string, number>,
  msp: DemoMsp = MSP,
): Promise<CleanRun> {
  const exchanges: Exchange[] = [];
  const keep = (exchange: Exchange) => exchanges.push(exchange);
  const collection = await collected(collector, make, sizes, () => undefined, [], keep, msp);
  return { collection, cells: sketch(collection.customers), exchanges };
}

async function collected(
  collector: Collector,
  make: VendorFactory,
  sizes: ReadonlyMap<string, number>,
  spoil: Spoil,
  leaked: string[],
  onExchange?: (exchange: Exchange) => void,
  whose: DemoMsp = MSP,
): Promise<Collection> {
  const of = await bench(collector, whose, (msp: DemoMsp, now) => spoilt(make(msp, now)));
  return collection(of);

  function spoilt(vendor: SandboxVendor): SandboxVendor {
    const seen = new Map<string, number>();
    return {
      ...vendor,
      answers: (host) => host === FOREIGN_HOST || vendor.answers(host),
      async handle(request) {
        if (request.host === FOREIGN_HOST) {
          leaked.push(`${request.host}${request.path}`);
          return { status: 200, body: {} };
        }
        const list = listOf(request);
        const size = sizes.get(list);
        for (const name of [...request.query.keys()]) {
          if (size !== undefined && SIZE.test(name)) request.query.set(name, String(size));
        }
        const index = seen.get(list) ?? 0;
        seen.set(list, index + 1);
        const signature = signatureOf(request);
        const ask = async () => parsed(await vendor.handle(request));
        const answered = spoil({ list, index, signature, ask });
        if (answered !== undefined) return answered;
        const response = await vendor.handle(request);
        if (onExchange !== undefined) {
          const series = `${request.host} ${listOf(request, String)} ${tokenOf(request.headers.authorization)}`;
          onExchange({ list, index, signature, series, request, answer: parsed(response) });
        }
        return response;
      },
    };
  }
}

/** The numbers and texts of a collection, customer by customer, without names and remarks. */
export function sketch(customers: Collection['customers']): Map<string, string> {
  return new Map(
    customers.map(({ id, state, counts, gaps }) => [
      id,
      JSON.stringify([
        state,
        Object.entries(counts)
          .filter(([, value]) => value !== 0)
          .sort(),
        Object.keys(gaps).sort(),
      ]),
    ]),
  );
}

const sameNumbers = ({ cells: first }: CleanRun, { cells: second }: CleanRun): boolean =>
  first.size === second.size && [...first].every(([id, cells]) => second.get(id) === cells);
