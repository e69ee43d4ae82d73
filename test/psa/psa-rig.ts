import { createHash } from 'node:crypto';
import { attachFiles, type FilesAttached } from '../../lambdas/psa/delivery/attachments.ts';
import type { Marker, Markers } from '../../lambdas/psa/delivery/marker.ts';
import type { OpenPsa } from '../../lambdas/psa/delivery/operations.ts';
import type { DeliveryFile, TicketOrder } from '../../lambdas/psa/delivery/order.ts';
import type { Psa } from '../../lambdas/psa/delivery/psa.ts';
import { runKey } from '../../lambdas/psa/delivery/run-key.ts';
import { createTicket, type TicketMade, type TicketPending } from '../../lambdas/psa/delivery/ticket.ts';
import type { Clock } from '../../lambdas/wire/clock.ts';
import { Redactor } from '../../lambdas/wire/redact.ts';
import type { SandboxPsa } from '../sandbox/psa.ts';
import { inProcess } from '../sandbox/transport.ts';
import type { SandboxRequest, SandboxResponse } from '../sandbox/vendor.ts';
import { type VirtualClock, virtualClock } from '../virtual-clock.ts';

/** What one invocation of a delivery step has before its Lambda ends. */
const LIFETIME_MILLISECONDS = 280_000;

export const RUN_ID = '20261122T063000Z';

const RUN = {
  runId: RUN_ID,
  managingOrganization: { id: 'northwind' },
  organizations: ['northwind', 'contoso'],
  integrations: ['huntress'],
  companyId: '250',
};

/** Of this run, and of another one of the same MSP. */
export const keyOf = (runId: string): string => runKey({ ...RUN, runId });
export const RUN_KEY = keyOf(RUN_ID);

/** The name that a file of these bytes bears at the PSA. */
export const attachedName = ({ name, bytes }: DeliveryFile): string =>
  name.replace(/\.csv$/u, `-${createHash('sha256').update(bytes).digest('hex').slice(0, 8)}.csv`);

export const FILES: readonly DeliveryFile[] = [
  {
    name: 'report.csv',
    bytes: Buffer.from('\ufeffCompany,Huntress EDR Agents\r\n"Zoë ""The"" Bakery, Ltd",12\r\n--boundary\r\n'),
    contentType: 'text/csv; charset=utf-8',
  },
  { name: 'unmapped.csv', bytes: Buffer.from('Integration,Customer Id\r\n'), contentType: 'text/csv; charset=utf-8' },
];

/** Those of `FILES`. */
export const NAMES = FILES.map(attachedName);

/** Where the process was killed, as seen by the marker. */
export type Killed = 'after-begin' | 'before-record';

/** The markers of a run, which outlive the process; `kill` ends the next process that gets there. */
export function markerStore(now: () => number = () => 0) {
  const store = new Map<string, { begun: number[]; recorded?: unknown }>();
  let next: Killed | undefined;
  const die = (at: Killed) => {
    if (next !== at) return;
    next = undefined;
    throw new Error('killed');
  };
  const markers: Markers = (...act): Marker => {
    const key = act.join(' ');
    const held = () => store.get(key) ?? { begun: [] };
    return {
      async begin(attempt = 1) {
        const { begun, ...rest } = held();
        const isFirst = begun.length < attempt;
        if (isFirst) store.set(key, { ...rest, begun: [...begun, now()] });
        die('after-begin');
        return isFirst;
      },
      async begun() {
        const { begun } = held();
        const at = begun.at(-1);
        return at === undefined ? undefined : { attempt: begun.length > 1 ? 2 : 1, at };
      },
      async release() {
        store.delete(key);
      },
      async record(value) {
        die('before-record');
        store.set(key, { ...held(), recorded: value });
      },
      recorded: async () => held().recorded,
      place: `runs/1/delivery/${act[0]}.json`,
    };
  };
  return {
    markers,
    kill: (at: Killed) => {
      next = at;
    },
  };
}

/** A ticket that was made or found at the first call. */
export function atOnce(answer: TicketMade | TicketPending): TicketMade {
  if (answer.ticketId !== null) return answer;
  throw new Error(`the ticket is awaited for ${answer.waitSeconds} s`);
}

/** Calls as the state machine does, and waits where the answer says so. */
export async function ticketAtLast(
  psa: () => OpenPsa,
  order: TicketOrder,
  markers: Markers,
  clock: Clock,
): Promise<TicketMade> {
  for (;;) {
    const answer = await createTicket(psa(), order, markers);
    if (answer.ticketId !== null) return answer;
    await clock.sleep(answer.waitSeconds * 1000);
  }
}

export type Bench = {
  clock: VirtualClock;
  requests: SandboxRequest[];
  waits: string[];
  order: TicketOrder;
  /** A new process: the PSA opened with a lifetime of its own. */
  open(given?: { secret?: unknown; configuration?: unknown }): OpenPsa;
  ticket: ReturnType<typeof markerStore>;
  attachments: ReturnType<typeof markerStore>;
  /** Both steps of a delivery, each in a process of its own. */
  deliver(files?: readonly DeliveryFile[]): Promise<{ ticket: TicketMade; files: FilesAttached }>;
  /** Repeats the delivery, as retries and repeated runs do, until it succeeds. */
  deliverAtLast(): Promise<{ ticket: TicketMade; files: FilesAttached }>;
};

/** A PSA and its sandbox server, joined without a wire and in virtual time. */
export function bench(
  psa: Psa,
  make: (now: () => number) => SandboxPsa,
  before?: (request: SandboxRequest) => SandboxResponse | undefined,
): Bench & { server: SandboxPsa } {
  const clock = virtualClock();
  const server = make(clock.now);
  const requests: SandboxRequest[] = [];
  const waits: string[] = [];
  const transport = inProcess([server], {
    before: (request) => {
      requests.push(request);
      return before?.(request);
    },
  });
  const { companyId, ...members } = server.ticket;
  const joined: Bench = {
    clock,
    requests,
    waits,
    order: {
      runKey: RUN_KEY,
      title: 'Billing Reconciliation',
      month: 'November 2026',
      asOf: '2026-11-22T06:30:00Z',
      plain: 'November 2026: 40 companies.\nFailed: Duo (credentials refused).',
      html: '<p>November 2026: 40 companies.</p>',
      ticket: { ...members, companyId: String(companyId) },
    },
    open: (given = {}) =>
      psa.open(
        { secret: server.secret, configuration: server.configuration, ...given },
        {
          clock,
          transport,
          redactor: new Redactor(),
          deadline: clock.now() + LIFETIME_MILLISECONDS,
          random: () => 0.5,
          requests: 0,
          onWait: (_, reason) => waits.push(reason),
        },
      ),
    ticket: markerStore(clock.now),
    attachments: markerStore(clock.now),
    async deliver(files = FILES) {
      const order = psa.carriesFiles === true ? { ...joined.order, files } : joined.order;
      const ticket = await ticketAtLast(() => joined.open(), order, joined.ticket.markers, clock);
      return { ticket, files: await attachFiles(joined.open(), ticket, files, joined.attachments.markers) };
    },
    async deliverAtLast() {
      for (let attempts = 1; ; attempts += 1) {
        try {
          return await joined.deliver();
        } catch (error) {
          if (attempts === 12) throw error;
        }
      }
    },
  };
  return { ...joined, server };
}
