import { type CollectionCheckpoint, collect } from '../../lambdas/counting/collect.ts';
import type { DetailSink } from '../../lambdas/counting/details.ts';
import { checkRights } from '../../lambdas/counting/rights.ts';
import type { RunContext } from '../../lambdas/counting/run-context.ts';
import type { Collector } from '../../lambdas/counting/vendor.ts';
import type { Collection, CustomerCount } from '../../lambdas/report/collection.ts';
import type { Limit } from '../../lambdas/wire/limit.ts';
import { Redactor } from '../../lambdas/wire/redact.ts';
import type { Session } from '../../lambdas/wire/session.ts';
import type { WireRequest } from '../../lambdas/wire/transport.ts';
import { type DemoMsp, demoMsp } from '../sandbox/demo-msp.ts';
import { type InProcessOptions, inProcess } from '../sandbox/transport.ts';
import type { Credentials, SandboxRequest, SandboxVendor, VendorFactory } from '../sandbox/vendor.ts';
import { type VirtualClock, virtualClock } from '../virtual-clock.ts';

/** A collector and its vendor, under one virtual clock. */
export type Bench = {
  collector: Collector;
  vendor: SandboxVendor;
  clock: VirtualClock;
  /** Requests seen by the vendor, oldest first. */
  asked: SandboxRequest[];
};

export type RunOptions = InProcessOptions & {
  credentials?: Partial<Credentials>;
  /** Seconds that each answer takes. */
  latency?: number;
  /** Called with every request as it is sent. */
  wire?: (request: WireRequest) => void;
  /** The most seconds of one lifetime; by default 880, as on Lambda. */
  lifetime?: number;
  mapped?: readonly string[];
  asOf?: string;
  timeZone?: string;
  checkpoint?: CollectionCheckpoint;
  kept?: RunContext['keepSecret'];
  lock?: RunContext['lockSecret'];
  details?: DetailSink;
};

export const AS_OF = '2026-11-22T06:30:00.000Z';

/** Connects a collector with a sandbox vendor: by default the one with the same id, serving the demo MSP. */
export async function bench(collector: Collector, msp: DemoMsp = demoMsp(), make?: VendorFactory): Promise<Bench> {
  const clock = virtualClock();
  const factory = make ?? (await factoryOf(collector.id));
  return { collector, vendor: factory(msp, clock.now), clock, asked: [] };
}

async function factoryOf(id: string): Promise<VendorFactory> {
  const loaded: { default: VendorFactory } = await import(`../sandbox/vendor-apis/${id}.ts`);
  return loaded.default;
}

/** A collector's input, and the session in which it reads its vendor. */
function encounter({ vendor, clock, asked }: Bench, options: RunOptions) {
  const wire = inProcess([vendor], {
    ...options,
    before: (request) => {
      asked.push(request);
      return options.before?.(request);
    },
  });
  const session: Session = {
    clock,
    transport: async (request, signal) => {
      options.wire?.(request);
      if (options.latency !== undefined) await clock.sleep(options.latency * 1000);
      return wire(request, signal);
    },
    redactor: new Redactor(),
    deadline: clock.now() + (options.lifetime ?? 880) * 1000,
    random: () => 0.5,
    requests: 0,
    onWait: () => {},
  };
  const secret = () => options.credentials?.secret ?? vendor.secret;
  const given = { secret: secret(), configuration: options.credentials?.configuration ?? vendor.configuration };
  const context: RunContext = {
    asOf: options.asOf ?? AS_OF,
    timeZone: options.timeZone ?? 'UTC',
    mapped: options.mapped ?? vendor.customers.flatMap(({ company, id }) => (company === undefined ? [] : [id])),
    keepSecret: options.kept ?? (async () => {}),
    lockSecret: options.lock ?? (async () => ({ secret: secret(), interrupted: undefined, release: async () => {} })),
  };
  return { session, given, context };
}

/** The rate limit of the collector. */
export function limitOf(of: Bench): Limit {
  const { given, context } = encounter(of, {});
  return of.collector.open(given, context).api.limit;
}

/** One lifetime of a collection, as the step runs it. */
export async function lifetime(of: Bench, options: RunOptions = {}): ReturnType<typeof collect> {
  const { session, given, context } = encounter(of, options);
  return collect(of.collector, given, context, session, () => {}, options.checkpoint, options.details);
}

/** The rights that the vendor refuses to these credentials, tried one by one. */
export async function refusedRights(of: Bench, options: RunOptions = {}): Promise<string[]> {
  const { session, given, context } = encounter(of, options);
  const refused: string[] = [];
  for await (const { right, refusal } of checkRights(of.collector.open(given, context), session)) {
    if (refusal !== undefined) refused.push(right);
  }
  return refused;
}

/** A whole collection, in as many lifetimes as it takes; `lives` receives their number. */
export async function collection(
  of: Bench,
  options: RunOptions = {},
  lives: (count: number) => void = () => {},
): Promise<Collection> {
  let checkpoint: CollectionCheckpoint | undefined = options.checkpoint;
  for (let count = 1; ; count += 1) {
    const outcome = await lifetime(of, { ...options, ...(checkpoint === undefined ? {} : { checkpoint }) });
    if (outcome.outcome === 'complete') {
      lives(count);
      return outcome.result;
    }
    // A checkpoint goes through a file between two lifetimes.
    checkpoint = JSON.parse(JSON.stringify(outcome.checkpoint));
    await of.clock.sleep(outcome.waitSeconds * 1000);
  }
}

/** The error that a collection ends in. */
export async function failure(of: Bench, options: RunOptions = {}): Promise<Error> {
  try {
    await collection(of, options);
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error(`${of.collector.id}: the collection was expected to fail`);
}

/** The first customer of a collection that has one. */
export function firstOf([first]: readonly CustomerCount[]): CustomerCount {
  if (first === undefined) throw new Error('no customer was collected');
  return first;
}

/** A customer of a collection in the form of the sandbox's truth, without cells of 0. */
export function asTruth({ id, state, counts }: CustomerCount): {
  id: string;
  state: string;
  cells: Record<string, number | string>;
} {
  return { id, state, cells: Object.fromEntries(Object.entries(counts).filter(([, value]) => value !== 0)) };
}

/** Refuses the first request to such a path for its speed, without saying how long to wait. */
export function tooFastOnce(to = /^/u): NonNullable<RunOptions['before']> {
  let refused = false;
  return ({ path }) => {
    if (refused || !to.test(path)) return undefined;
    refused = true;
    return { status: 429, body: '' };
  };
}
