import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { attachFiles, createTicket } from '../../../lambdas/psa/delivery/deliver.ts';
import { type Attached, CANNOT_TELL, type Desk } from '../../../lambdas/psa/delivery/psa.ts';
import { ReportError } from '../../../lambdas/report/errors.ts';
import { Redactor } from '../../../lambdas/wire/redact.ts';
import { Paused } from '../../../lambdas/wire/session.ts';
import { virtualClock } from '../../virtual-clock.ts';
import { markerStore } from '../psa-rig.ts';

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
const file = { name: 'report.csv', bytes: Buffer.from('abc'), contentType: 'text/csv' };

/** A desk of plain functions: `verbs` say what differs. */
function desk(verbs: Partial<Desk>): Desk & { elapsed(): number } {
  const clock = virtualClock();
  return {
    name: 'Acme PSA',
    attachmentLimit: 1000,
    settleSeconds: 60,
    find: async () => undefined,
    prepare: async () => async () => '1',
    attachments: async () => [],
    attach: async () => {},
    link: (id) => `https://acme.example/${id}`,
    async *companies() {},
    session: {
      clock,
      transport: async () => ({ status: 500, headers: {}, body: new Uint8Array() }),
      redactor: new Redactor(),
      deadline: clock.now() + 280_000,
      random: () => 0.5,
      requests: 0,
      onWait: () => {},
    },
    elapsed: clock.elapsed,
    ...verbs,
  };
}

test('a search index that lags is asked until it must know, and no second ticket is made', async () => {
  let made = 0;
  const lagging = desk({
    find: async () => (made > 0 && lagging.elapsed() > 45_000 ? '7' : undefined),
    prepare: async () => async () => {
      made += 1;
      throw unknown();
    },
  });
  expect(await createTicket(lagging, order, markerStore().marker)).toMatchObject({ ticketId: '7', created: true });
  expect(made).toBe(1);
});

test('a ticket that certainly is not there is created once more, not more often', async () => {
  let made = 0;
  const dead = desk({
    prepare: async () => async () => {
      made += 1;
      throw unknown();
    },
  });
  await expect(createTicket(dead, order, markerStore().marker)).rejects.toMatchObject({
    name: 'VendorUnavailableError',
  });
  expect(made).toBe(2);
});

test('an answer that cannot be read is looked behind and never repeated', async () => {
  let made = 0;
  const odd = desk({
    prepare: async () => async () => {
      made += 1;
      throw new ReportError('VendorContractError', 'no JSON');
    },
  });
  await expect(createTicket(odd, order, markerStore().marker)).rejects.toMatchObject({ name: 'VendorContractError' });
  expect(made).toBe(1);
});

test('a refusal is passed on at once', async () => {
  const refusing = desk({
    prepare: async () => async () => {
      throw new ReportError('VendorAuthError', 'no right');
    },
  });
  await expect(createTicket(refusing, order, markerStore().marker)).rejects.toMatchObject({ name: 'VendorAuthError' });
  expect(refusing.elapsed()).toBe(0);
});

test('a claim that somebody else holds is waited for before anything is made', async () => {
  const { marker } = markerStore();
  await marker.begin();
  let made = 0;
  const second = desk({
    find: async () => (second.elapsed() > 10_000 ? '9' : undefined),
    prepare: async () => async () => {
      made += 1;
      return '10';
    },
  });
  expect(await createTicket(second, order, marker)).toMatchObject({ ticketId: '9', created: false });
  expect(made).toBe(0);
});

test('a record that cannot be read back does not stop the look-up', async () => {
  const { marker } = markerStore();
  await marker.record({ ticket: 5 });
  expect(await createTicket(desk({ find: async () => '5' }), order, marker)).toMatchObject({ ticketId: '5' });
});

test('only the file that is missing goes up', async () => {
  const held: Attached[] = [{ name: 'report.csv', size: 3 }];
  const sent: string[] = [];
  const there = desk({
    attachments: async () => held,
    attach: async (_, { name, bytes }) => {
      sent.push(name);
      held.push({ name, size: bytes.byteLength });
    },
  });
  await attachFiles(there, { ticketId: '1' }, [file, { ...file, name: 'unmapped.csv' }], markerStore().marker);
  expect(sent).toEqual(['unmapped.csv']);
});

test('a cut copy is never left beside the whole one without a word, nor joined by another at every attempt', async () => {
  const held: Attached[] = [{ name: 'report.csv', size: 1 }];
  const there = desk({
    attachments: async () => held,
    attach: async (_, { name, bytes }) => void held.push({ name, size: bytes.byteLength }),
  });
  const { marker } = markerStore();
  for (let attempt = 0; attempt < 2; attempt += 1) {
    await expect(attachFiles(there, { ticketId: '1' }, [file], marker)).rejects.toMatchObject({
      name: 'DeliveryError',
      message: expect.stringMatching(/holds report\.csv on ticket 1 with 1 bytes where 3 were sent.*remove it there/u),
    });
  }
  expect(held).toHaveLength(1);
  held.pop();
  expect(await attachFiles(there, { ticketId: '1' }, [file], marker)).toMatchObject({ attached: true });

  const cut: Attached[] = [];
  const cutting = desk({
    attachments: async () => cut,
    attach: async (_, { name, bytes }) => {
      cut.push({ name, size: bytes.byteLength - (cut.length === 0 ? 1 : 0) });
      if (cut.length === 1) throw unknown();
    },
  });
  await expect(attachFiles(cutting, { ticketId: '1' }, [file], markerStore().marker)).rejects.toMatchObject({
    name: 'DeliveryError',
    message: expect.stringContaining('with 2 bytes where 3 were sent'),
  });
  expect(cut).toHaveLength(2);
});

test('a ticket that was certainly refused is made by the next attempt at once, also where nothing can be looked up', async () => {
  for (const refusal of [
    new ReportError('DeliveryError', 'Acme PSA refused the ticket'),
    new ReportError('VendorAuthError', 'no right'),
    new Paused(900, 'slow'),
  ]) {
    const { marker } = markerStore();
    let refuses = true;
    const mended = desk({
      find: async () => CANNOT_TELL,
      prepare: async () => async () => {
        if (refuses) throw refusal;
        return '1';
      },
    });
    await expect(createTicket(mended, order, marker)).rejects.toThrow();
    refuses = false;
    expect(await createTicket(mended, order, marker)).toMatchObject({ ticketId: '1', created: true });
    expect(mended.elapsed()).toBe(0);
  }
});

test('a refusal after a lost answer, or under the claim of another attempt, gives no claim back', async () => {
  const { marker } = markerStore();
  const outcomes = [unknown(), new ReportError('DeliveryError', 'refused')];
  const refusing = desk({
    prepare: async () => async () => {
      throw outcomes.shift() ?? new ReportError('DeliveryError', 'refused');
    },
  });
  for (let attempt = 0; attempt < 2; attempt += 1) {
    await expect(createTicket(refusing, order, marker)).rejects.toMatchObject({ name: 'DeliveryError' });
    expect(await marker.begin()).toBe(false);
  }
});

test('a file that is taken and never listed is not called attached', async () => {
  await expect(attachFiles(desk({}), { ticketId: '1' }, [file], markerStore().marker)).rejects.toMatchObject({
    name: 'DeliveryError',
    message: expect.stringContaining('does not list it'),
  });
});

test('a PSA that tells no sizes is believed by name', async () => {
  const held: Attached[] = [];
  const silent = desk({ attachments: async () => held, attach: async (_, { name }) => void held.push({ name }) });
  expect(await attachFiles(silent, { ticketId: '1' }, [file], markerStore().marker)).toMatchObject({ attached: true });
  expect(held).toHaveLength(1);
});

test('no file at all is attached at once, without a claim', async () => {
  const { marker } = markerStore();
  expect(await attachFiles(desk({}), { ticketId: '1' }, [], marker)).toEqual({ attached: true, files: [] });
  expect(await marker.begin()).toBe(true);
});

test('a pause becomes an error with a name: retried when time ran out, not when the PSA asks for more than there is', async () => {
  const paused = (seconds: number) =>
    createTicket(desk({ find: () => Promise.reject(new Paused(seconds, 'slow')) }), order, markerStore().marker);
  await expect(paused(0)).rejects.toMatchObject({ name: 'VendorUnavailableError' });
  await expect(paused(900)).rejects.toMatchObject({ name: 'VendorRateLimitError' });
});

test('a look-up that proves nothing lets nothing be made twice, and names the marker to remove', async () => {
  let made = 0;
  const { marker } = markerStore();
  const blind = desk({
    find: async () => CANNOT_TELL,
    prepare: async () => async () => {
      made += 1;
      throw unknown();
    },
  });
  for (let attempt = 0; attempt < 2; attempt += 1) {
    await expect(createTicket(blind, order, { ...marker, place: 'runs/1/delivery/ticket.json' })).rejects.toMatchObject(
      {
        name: 'DeliveryError',
        message: expect.stringMatching(
          /not known whether Acme PSA made the ticket.*remove runs\/1\/delivery\/ticket\.json/u,
        ),
      },
    );
  }
  expect(made).toBe(1);
});

test('files whose list proves nothing go up once: believed when the PSA took them, unknown when its answer was lost', async () => {
  let sent = 0;
  const blind = (attach: () => Promise<void>) => desk({ attachments: async () => CANNOT_TELL, attach });
  const taking = blind(async () => {
    sent += 1;
  });
  expect(await attachFiles(taking, { ticketId: '1' }, [file], markerStore().marker)).toMatchObject({ attached: true });
  expect(sent).toBe(1);

  const { marker } = markerStore();
  const losing = blind(async () => {
    sent += 1;
    throw unknown();
  });
  for (let attempt = 0; attempt < 2; attempt += 1) {
    await expect(attachFiles(losing, { ticketId: '1' }, [file], marker)).rejects.toMatchObject({
      name: 'DeliveryError',
      message: expect.stringContaining('not known whether report.csv hangs on ticket 1'),
    });
  }
  expect(sent).toBe(2);
});

test('files that came with the ticket are waited for where they are listed late, not sent again', async () => {
  let sent = 0;
  const carrying = desk({
    carriesFiles: true,
    attachments: async () => (carrying.elapsed() > 20_000 ? [{ name: 'report.csv', size: 3 }] : []),
    attach: async () => {
      sent += 1;
    },
  });
  expect(await attachFiles(carrying, { ticketId: '1' }, [file], markerStore().marker)).toMatchObject({
    attached: true,
  });
  expect(sent).toBe(0);
});

test('a PSA that takes files along gets them compressed as far as need be, and without those that are too large', async () => {
  const seen: string[] = [];
  const carrying = desk({
    carriesFiles: true,
    prepare: async ({ files = [] }) => {
      seen.push(...files.map(({ name }) => name));
      return async () => '1';
    },
  });
  const loose = { ...file, name: 'loose.csv', bytes: new Uint8Array(5000) };
  const dense = { ...file, name: 'dense.csv', bytes: randomBytes(5000) };
  await createTicket(carrying, { ...order, files: [file, loose, dense] }, markerStore().marker);
  expect(seen).toEqual(['report.csv', 'loose.csv.gz']);
});
