import type { ReadSide } from '../../lambdas/billing/line.ts';
import { periodOf } from '../../lambdas/billing/period.ts';
import { type BilledCheckpoint, readSide } from '../../lambdas/sources/reading/read-side.ts';
import type { Source } from '../../lambdas/sources/reading/source.ts';
import { Redactor } from '../../lambdas/wire/redact.ts';
import { type DemoMsp, demoMsp } from '../sandbox/demo-msp.ts';
import { inProcess } from '../sandbox/transport.ts';
import type { SandboxRequest, SandboxResponse, TicketServer } from '../sandbox/vendor.ts';
import { type VirtualClock, virtualClock } from '../virtual-clock.ts';

/** A source and its PSA, connected in process and in virtual time. */
export type SourceRig = {
  source: Source;
  server: TicketServer;
  msp: DemoMsp;
  clock: VirtualClock;
  /** Requests that the PSA saw, oldest first. */
  requests: SandboxRequest[];
};

export type ReadOptions = {
  options?: Record<string, unknown>;
  secret?: Record<string, unknown>;
  /** Answers instead of the PSA. */
  before?: (request: SandboxRequest) => SandboxResponse | undefined;
  /** Changes each answer of the PSA, as JSON text. */
  altered?: (body: string) => string;
  mapped?: readonly string[];
  /** The month that is compared, `YYYY-MM`; that of the virtual clock otherwise. */
  month?: string;
  /** Seconds that one lifetime may last. */
  lifetime?: number;
  /** Seconds that each answer takes. */
  latency?: number;
  /** Called with the number of lifetimes it took. */
  lives?: (count: number) => void;
};

type MakeServer = (msp: DemoMsp, now: () => number) => TicketServer;

export function sourceRig(source: Source, make: MakeServer, msp: DemoMsp = demoMsp()): SourceRig {
  const clock = virtualClock();
  return { source, server: make(msp, clock.now), msp, clock, requests: [] };
}

/** The month that the virtual clock lies in, or a certain one. */
export const periodNow = ({ clock }: SourceRig, month = 'current') =>
  periodOf(month, new Date(clock.now()).toISOString().slice(0, 10));

/** Reads a source to its end, through as many lifetimes as it takes. */
export async function readAll(rig: SourceRig, options: ReadOptions = {}): Promise<ReadSide> {
  const { source, server, clock, requests } = rig;
  const wire = inProcess([server], {
    before: (request) => {
      requests.push(request);
      return options.before?.(request);
    },
    after: (_, response) => {
      const { body } = response;
      if (options.altered === undefined || body === undefined || body instanceof Uint8Array) return;
      response.body = options.altered(typeof body === 'string' ? body : JSON.stringify(body));
    },
  });
  const open = source.open({
    secret: { ...server.secret, ...options.secret },
    configuration: server.configuration,
    options: options.options ?? {},
  });
  let checkpoint: BilledCheckpoint | undefined;
  for (let count = 1; ; count += 1) {
    const ended = await readSide(
      { name: source.name, label: source.id, open },
      periodNow(rig, options.month),
      options.mapped ?? ['1'],
      {
        clock,
        transport: async (request, signal) => {
          if (options.latency !== undefined) await clock.sleep(options.latency * 1000);
          return wire(request, signal);
        },
        redactor: new Redactor(),
        deadline: clock.now() + (options.lifetime ?? 880) * 1000,
        random: () => 0.5,
        requests: 0,
        onWait: () => {},
      },
      checkpoint,
    );
    if (ended.outcome === 'complete') {
      options.lives?.(count);
      return ended.result;
    }
    // A checkpoint goes through a file between two lifetimes.
    checkpoint = JSON.parse(JSON.stringify(ended.checkpoint));
    await clock.sleep(ended.waitSeconds * 1000);
  }
}
