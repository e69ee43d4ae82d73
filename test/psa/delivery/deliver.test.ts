import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { attachFiles } from '../../../lambdas/psa/delivery/attachments.ts';
import { type Attached, CANNOT_TELL, type OpenPsa } from '../../../lambdas/psa/delivery/operations.ts';
import type { TicketOrder } from '../../../lambdas/psa/delivery/order.ts';
import { FaultWithReason } from '../../../lambdas/psa/delivery/refused.ts';
import { createTicket } from '../../../lambdas/psa/delivery/ticket.ts';
import { ReportError } from '../../../lambdas/report/errors.ts';
import { Redactor } from '../../../lambdas/wire/redact.ts';
import { Paused } from '../../../lambdas/wire/session.ts';
import { virtualClock } from '../../virtual-clock.ts';
import { atOnce, markerStore, ticketAtLast } from '../psa-rig.ts';

const unknown = () => new ReportError('VendorUnavailableError', 'no answer');

const order = {
  runKey: 'billing-count:1',
  title: 'Billing Reconciliation',
  month: 'November 2026',
  asOf: '2026-11-22T06:30:00Z',
  plain: '',
  html: '',
  ticket: { companyId: '1' },
} as const;
/** With the digest of "abc". */
const REPORT = 'report-ba7816bf.csv';
const file = { name: 'report.csv', bytes: Buffer.from('abc'), contentType: 'text/csv' };

/** A PSA of plain functions: `operations` say what differs. */
function open(operations: Partial<OpenPsa>): OpenPsa & { elapsed(): number } {
  const clock = virtualClock();
  return {
    name: 'Acme PSA',
    address: 'acme.example',
    attachmentLimit: 1000,
    settleSeconds: 60,
    find: async () => undefined,
    isGone: async () => false,
    prepare: async () => async () => '1',
    attachments: async () => [],
    attach: async () => {},
    link: (id) => `https://acme.example/${id}`,
    companyOf: ({ companyId }) => String(companyId),
    async *companies() {},
    session: {
      clock,
      transport: async () => ({ status: 500, headers: {}, body: new Uint8Array() }),
      redactor: new Redactor(),
      deadline: Number.POSITIVE_INFINITY,
      random: () => 0.5,
      requests: 0,
      onWait: () => {},
    },
    elapsed: clock.elapsed,
    ...operations,
  };
}

test('a search index that lags is asked until it must know, and no second ticket is made', async () => {
  let made = 0;
  const lagging = open({
    find: async () => (made > 0 && lagging.elapsed() > 45_000 ? '7' : undefined),
    prepare: async () => async () => {
      made += 1;
      throw unknown();
    },
  });
  expect(await createTicket(lagging, order, markerStore().markers)).toMatchObject({ ticketId: '7', created: true });
  expect(made).toBe(1);
});

test('a ticket that certainly is not there is created once more, not more often', async () => {
  let made = 0;
  const dead = open({
    prepare: async () => async () => {
      made += 1;
      throw unknown();
    },
  });
  const { markers } = markerStore(dead.session.clock.now);
  const delivery = () => ticketAtLast(() => dead, order, markers, dead.session.clock);
  await expect(delivery()).rejects.toMatchObject({
    name: 'DeliveryError',
    message: expect.stringContaining('twice, and none appeared; deliver again later'),
  });
  expect(made).toBe(2);
  expect(dead.elapsed()).toBeGreaterThan(700_000);
  // Delivering again starts from the beginning.
  await expect(delivery()).rejects.toMatchObject({ name: 'DeliveryError' });
  expect(made).toBe(4);
});

test('a create call that takes effect after five minutes is waited for, a minute at a time', async () => {
  let made = 0;
  const late = open({
    find: async () => (made > 0 && late.elapsed() > 290_000 ? '7' : undefined),
    prepare: async () => async () => {
      made += 1;
      throw unknown();
    },
  });
  const { markers } = markerStore(late.session.clock.now);
  const first = await createTicket(late, order, markers);
  expect(first).toEqual({ ticketId: null, ticketUrl: null, created: false, waitSeconds: 60 });
  expect(await ticketAtLast(() => late, order, markers, late.session.clock)).toMatchObject({
    ticketId: '7',
    created: true,
  });
  expect(made).toBe(1);
});

test('a recorded ticket that the look-up does not show stays the ticket while the PSA has it', async () => {
  const { markers } = markerStore();
  await markers('ticket').record({ ticketId: '5', ticketUrl: 'https://acme.example/5' });
  for (const seen of [undefined, CANNOT_TELL] as const) {
    expect(await createTicket(open({ find: async () => seen }), order, markers)).toMatchObject({
      ticketId: '5',
      created: false,
    });
  }
});

test('a recorded ticket that is gone is replaced, with a remark, and its files go to the new one', async () => {
  const { markers } = markerStore();
  const orders: TicketOrder[] = [];
  const held = new Map<string, Attached[]>([['5', []]]);
  const psa = open({
    isGone: async (id) => !held.has(id),
    prepare: async (wanted) => async () => {
      orders.push(wanted);
      held.set('6', []);
      return '6';
    },
    attachments: async (id) => held.get(id) ?? [],
    attach: async (id, { name }) => void held.get(id)?.push({ name }),
  });
  await markers('ticket').record({ ticketId: '5', ticketUrl: 'https://acme.example/5' });
  await attachFiles(psa, { ticketId: '5' }, [file], markers);
  held.delete('5');
  const second = atOnce(await createTicket(psa, order, markers));
  await attachFiles(psa, second, [file], markers);
  expect(second).toMatchObject({ ticketId: '6', created: true });
  expect(orders[0]?.plain).toContain('This ticket replaces ticket 5, which Acme PSA no longer has.');
  expect(orders[0]?.html).toContain('This ticket replaces ticket 5');
  expect(held.get('6')).toEqual([{ name: REPORT }]);
});

test('a fault that gives a reason is passed on and not repeated, unless the ticket was made all the same', async () => {
  for (const appears of [false, true]) {
    let made = 0;
    const faulty = open({
      find: async () => (appears && made > 0 ? '8' : undefined),
      prepare: async () => async () => {
        made += 1;
        throw new FaultWithReason('Acme PSA refused the ticket (HTTP 500): the board is closed');
      },
    });
    const answer = createTicket(faulty, order, markerStore().markers);
    if (appears) expect(await answer).toMatchObject({ ticketId: '8' });
    else await expect(answer).rejects.toThrow('the board is closed');
    expect(made).toBe(1);
  }
});

test('after an unreadable answer the ticket is looked for, and the call never repeated', async () => {
  let made = 0;
  const odd = open({
    prepare: async () => async () => {
      made += 1;
      throw new ReportError('VendorContractError', 'no JSON');
    },
  });
  await expect(createTicket(odd, order, markerStore().markers)).rejects.toMatchObject({ name: 'VendorContractError' });
  expect(made).toBe(1);
});

test('a refusal is passed on at once', async () => {
  const refusing = open({
    prepare: async () => async () => {
      throw new ReportError('VendorAuthError', 'no right');
    },
  });
  await expect(createTicket(refusing, order, markerStore().markers)).rejects.toMatchObject({ name: 'VendorAuthError' });
  expect(refusing.elapsed()).toBe(0);
});

test('an attempt that somebody else began is waited for before anything is made', async () => {
  const { markers } = markerStore();
  await markers('ticket').begin();
  let made = 0;
  const second = open({
    find: async () => (second.elapsed() > 10_000 ? '9' : undefined),
    prepare: async () => async () => {
      made += 1;
      return '10';
    },
  });
  expect(await createTicket(second, order, markers)).toMatchObject({ ticketId: '9', created: true });
  expect(made).toBe(0);
});

test('a record that cannot be read back does not stop the look-up', async () => {
  const { markers } = markerStore();
  await markers('ticket').record({ ticket: 5 });
  expect(await createTicket(open({ find: async () => '5' }), order, markers)).toMatchObject({ ticketId: '5' });
});

test('only the file that is missing goes up', async () => {
  const held: Attached[] = [{ name: REPORT, size: 3 }];
  const sent: string[] = [];
  const there = open({
    attachments: async () => held,
    attach: async (_, { name, bytes }) => {
      sent.push(name);
      held.push({ name, size: bytes.byteLength });
    },
  });
  await attachFiles(there, { ticketId: '1' }, [file, { ...file, name: 'unmapped.csv' }], markerStore().markers);
  expect(sent).toEqual(['unmapped-ba7816bf.csv']);
});

test('a cut copy is never left next to the complete one without a remark, nor joined by another at every attempt', async () => {
  const held: Attached[] = [{ name: REPORT, size: 1 }];
  const there = open({
    attachments: async () => held,
    attach: async (_, { name, bytes }) => void held.push({ name, size: bytes.byteLength }),
  });
  const { markers } = markerStore();
  for (let attempt = 0; attempt < 2; attempt += 1) {
    await expect(attachFiles(there, { ticketId: '1' }, [file], markers)).rejects.toMatchObject({
      name: 'DeliveryError',
      message: expect.stringMatching(
        /holds report-ba7816bf\.csv on ticket 1 with 1 bytes, but 3 were sent.*remove it there/u,
      ),
    });
  }
  expect(held).toHaveLength(1);
  held.pop();
  expect(await attachFiles(there, { ticketId: '1' }, [file], markers)).toMatchObject({ attached: true });

  const cut: Attached[] = [];
  const cutting = open({
    attachments: async () => cut,
    attach: async (_, { name, bytes }) => {
      cut.push({ name, size: bytes.byteLength - (cut.length === 0 ? 1 : 0) });
      if (cut.length === 1) throw unknown();
    },
  });
  await expect(attachFiles(cutting, { ticketId: '1' }, [file], markerStore().markers)).rejects.toMatchObject({
    name: 'DeliveryError',
    message: expect.stringContaining('with 2 bytes, but 3 were sent'),
  });
  expect(cut).toHaveLength(2);
});

test('a ticket that was certainly refused is made by the next attempt at once, also if nothing can be looked up', async () => {
  for (const refusal of [
    new ReportError('DeliveryError', 'Acme PSA refused the ticket'),
    new ReportError('VendorAuthError', 'no right'),
    new Paused(900, 'slow'),
  ]) {
    const { markers } = markerStore();
    let refuses = true;
    const psa = open({
      find: async () => CANNOT_TELL,
      prepare: async () => async () => {
        if (refuses) throw refusal;
        return '1';
      },
    });
    await expect(createTicket(psa, order, markers)).rejects.toThrow();
    refuses = false;
    expect(await createTicket(psa, order, markers)).toMatchObject({ ticketId: '1', created: true });
    expect(psa.elapsed()).toBe(0);
  }
});

test('a refusal after a lost answer is passed on once it is certain that the lost call made nothing', async () => {
  const outcomes = [unknown(), new ReportError('DeliveryError', 'refused')];
  const refusing = open({
    prepare: async () => async () => {
      throw outcomes.shift() ?? new ReportError('DeliveryError', 'refused');
    },
  });
  const { markers } = markerStore(refusing.session.clock.now);
  await expect(ticketAtLast(() => refusing, order, markers, refusing.session.clock)).rejects.toThrow('refused');
  expect(refusing.elapsed()).toBeGreaterThan(300_000);
  expect(await markers('ticket').begun()).toBeUndefined();
});

test('a file that is accepted and never listed is not reported as attached', async () => {
  await expect(attachFiles(open({}), { ticketId: '1' }, [file], markerStore().markers)).rejects.toMatchObject({
    name: 'DeliveryError',
    message: expect.stringContaining('does not list it'),
  });
});

test('a PSA that gives no sizes is believed by name', async () => {
  const held: Attached[] = [];
  const silent = open({ attachments: async () => held, attach: async (_, { name }) => void held.push({ name }) });
  expect(await attachFiles(silent, { ticketId: '1' }, [file], markerStore().markers)).toMatchObject({ attached: true });
  expect(held).toHaveLength(1);
});

test('no file at all is attached at once, and nothing is begun', async () => {
  const { markers } = markerStore();
  expect(await attachFiles(open({}), { ticketId: '1' }, [], markers)).toEqual({ attached: true, files: [] });
  expect(await markers('attachments', '1').begun()).toBeUndefined();
});

test('a pause becomes an error with a name: retried when time ran out, not when the PSA asks for more than there is', async () => {
  const paused = (seconds: number) =>
    createTicket(open({ find: () => Promise.reject(new Paused(seconds, 'slow')) }), order, markerStore().markers);
  await expect(paused(0)).rejects.toMatchObject({ name: 'VendorUnavailableError' });
  await expect(paused(900)).rejects.toMatchObject({ name: 'VendorRateLimitError' });
});

test('a look-up that proves nothing lets nothing be made twice, and names the marker to remove', async () => {
  let made = 0;
  const { markers } = markerStore();
  const blind = open({
    find: async () => CANNOT_TELL,
    prepare: async () => async () => {
      made += 1;
      throw unknown();
    },
  });
  for (let attempt = 0; attempt < 2; attempt += 1) {
    await expect(createTicket(blind, order, markers)).rejects.toMatchObject({
      name: 'DeliveryError',
      message: expect.stringMatching(
        /not known whether Acme PSA made the ticket.*remove runs\/1\/delivery\/ticket\.json/u,
      ),
    });
  }
  expect(made).toBe(1);
});

test('files whose list proves nothing go up once: believed when the PSA took them, unknown when its answer was lost', async () => {
  let sent = 0;
  const blind = (attach: () => Promise<void>) => open({ attachments: async () => CANNOT_TELL, attach });
  const taking = blind(async () => {
    sent += 1;
  });
  expect(await attachFiles(taking, { ticketId: '1' }, [file], markerStore().markers)).toMatchObject({ attached: true });
  expect(sent).toBe(1);

  const { markers } = markerStore();
  const losing = blind(async () => {
    sent += 1;
    throw unknown();
  });
  for (let attempt = 0; attempt < 2; attempt += 1) {
    await expect(attachFiles(losing, { ticketId: '1' }, [file], markers)).rejects.toMatchObject({
      name: 'DeliveryError',
      message: expect.stringContaining('report-ba7816bf.csv may or may not be attached to ticket 1'),
    });
  }
  expect(sent).toBe(2);
});

test('files that came with the ticket are waited for if they are listed late, not sent again', async () => {
  let sent = 0;
  const carrying = open({
    carriesFiles: true,
    attachments: async () => (carrying.elapsed() > 20_000 ? [{ name: REPORT, size: 3 }] : []),
    attach: async () => {
      sent += 1;
    },
  });
  expect(await attachFiles(carrying, { ticketId: '1' }, [file], markerStore().markers)).toMatchObject({
    attached: true,
  });
  expect(sent).toBe(0);
});

test('a PSA that takes files along gets them compressed as far as need be, and without those that are too large', async () => {
  const seen: string[] = [];
  const carrying = open({
    carriesFiles: true,
    prepare: async ({ files = [] }) => {
      seen.push(...files.map(({ name }) => name));
      return async () => '1';
    },
  });
  const loose = { ...file, name: 'loose.csv', bytes: new Uint8Array(5000) };
  const dense = { ...file, name: 'dense.csv', bytes: randomBytes(5000) };
  await createTicket(carrying, { ...order, files: [file, loose, dense] }, markerStore().markers);
  expect(seen).toEqual([REPORT, expect.stringMatching(/^loose-[0-9a-f]{8}\.csv\.gz$/u)]);
});
