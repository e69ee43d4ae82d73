import { attachFiles, createTicket, type FilesAttached, type TicketMade } from '../../lambdas/psa/delivery/deliver.ts';
import type { Marker } from '../../lambdas/psa/delivery/marker.ts';
import type { DeliveryFile, TicketOrder } from '../../lambdas/psa/delivery/order.ts';
import type { Desk, Psa } from '../../lambdas/psa/delivery/psa.ts';
import { runKey } from '../../lambdas/psa/delivery/run-key.ts';
import { Redactor } from '../../lambdas/wire/redact.ts';
import type { SandboxPsa } from '../sandbox/psa.ts';
import { inProcess } from '../sandbox/transport.ts';
import type { SandboxRequest, SandboxResponse } from '../sandbox/vendor.ts';
import { type VirtualClock, virtualClock } from '../virtual-clock.ts';

/** What one invocation of a delivery step has before its Lambda ends. */
const LIFETIME_MILLISECONDS = 280_000;

export const RUN_ID = '20261122T063000Z';

export const FILES: readonly DeliveryFile[] = [
  {
    name: 'report.csv',
    bytes: Buffer.from('\ufeffCompany,Huntress EDR Agents\r\n"Zoë ""The"" Bakery, Ltd",12\r\n--boundary\r\n'),
    contentType: 'text/csv; charset=utf-8',
  },
  { name: 'unmapped.csv', bytes: Buffer.from('Integration,Customer Id\r\n'), contentType: 'text/csv; charset=utf-8' },
];

/** Where the process was killed, as seen by the marker. */
export type Killed = 'after-claim' | 'before-record';

/** A marker that outlives the process; `kill` ends the next process that gets there. */
export function markerStore() {
  let claimed = false;
  let recorded: unknown;
  let next: Killed | undefined;
  const die = (at: Killed) => {
    if (next !== at) return;
    next = undefined;
    throw new Error('killed');
  };
  const marker: Marker = {
    async begin() {
      const first = !claimed;
      claimed = true;
      die('after-claim');
      return first;
    },
    async release() {
      claimed = false;
    },
    async record(value) {
      die('before-record');
      recorded = value;
    },
    recorded: async () => recorded,
  };
  return {
    marker,
    kill: (at: Killed) => {
      next = at;
    },
  };
}

export type Bench = {
  clock: VirtualClock;
  requests: SandboxRequest[];
  waits: string[];
  order: TicketOrder;
  /** A new process: a desk with a lifetime of its own. */
  desk(given?: { secret?: unknown; configuration?: unknown }): Desk;
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
  const made: Bench = {
    clock,
    requests,
    waits,
    order: {
      runKey: runKey(RUN_ID),
      title: 'Billing Reconciliation',
      month: 'November 2026',
      asOf: '2026-11-22T06:30:00Z',
      plain: 'November 2026: 40 companies.\nFailed: Duo (credentials refused).',
      html: '<p>November 2026: 40 companies.</p>',
      ticket: { ...members, companyId: String(companyId) },
    },
    desk: (given = {}) =>
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
    ticket: markerStore(),
    attachments: markerStore(),
    async deliver(files = FILES) {
      const desk = made.desk();
      const order = desk.carriesFiles === true ? { ...made.order, files } : made.order;
      const ticket = await createTicket(desk, order, made.ticket.marker);
      return { ticket, files: await attachFiles(made.desk(), ticket, files, made.attachments.marker) };
    },
    async deliverAtLast() {
      for (let attempts = 1; ; attempts += 1) {
        try {
          return await made.deliver();
        } catch (error) {
          if (attempts === 12) throw error;
        }
      }
    },
  };
  return { ...made, server };
}
