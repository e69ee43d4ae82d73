import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import type { OpenPsa } from '../../lambdas/psa/delivery/operations.ts';
import type { DeliveryFile, TicketOrder } from '../../lambdas/psa/delivery/order.ts';
import type { Psa } from '../../lambdas/psa/delivery/psa.ts';
import { ReportError } from '../../lambdas/report/errors.ts';
import getIntegrationIds from '../../lambdas/steps/get-integration-ids.ts';
import psaTicket from '../../lambdas/steps/psa-ticket.ts';
import type { Given } from '../../lambdas/wire/settings.ts';
import { type Made, madeReport } from './made-report.ts';
import { KNOWN, REPORT_JSON } from './stage.ts';

type Ticket = { id: string; order: TicketOrder; files: DeliveryFile[] };

/** A PSA in memory: what it was given and what it holds. */
function inMemory(options: { attachmentLimit?: number; fail?: () => void; numbers?: Record<string, string> } = {}) {
  const tickets: Ticket[] = [];
  const given: Given[] = [];
  const ticketOf = (id: string): Ticket => {
    const ticket = tickets.find((made) => made.id === id);
    if (ticket === undefined) throw new ReportError('DeliveryError', `no ticket ${id}`);
    return ticket;
  };
  const psa: Psa = {
    id: 'desk',
    name: 'Desk',
    setup: { create: 'a key', rights: 'tickets' },
    secret: z.strictObject({ apiKey: z.string() }),
    configuration: z.strictObject({ url: z.string() }),
    members: {},
    attachmentLimit: options.attachmentLimit ?? 1_000_000,
    settleSeconds: 10,
    check: () => {},
    openRights: () => ({ rights: [], unseen: [], fits: async () => undefined }),
    open(settings, session): OpenPsa {
      given.push(settings);
      session.redactor.hide(settings.secret);
      return {
        name: 'Desk',
        address: String(Object(settings.configuration).url),
        attachmentLimit: options.attachmentLimit ?? 1_000_000,
        settleSeconds: 10,
        session,
        companyOf: ({ companyId }) => options.numbers?.[companyId] ?? String(companyId),
        find: async (order) => tickets.find((ticket) => ticket.order.runKey === order.runKey)?.id,
        isGone: async (id) => !tickets.some((ticket) => ticket.id === id),
        prepare: async (order) => async () => {
          options.fail?.();
          tickets.push({ id: `T${tickets.length + 1}`, order, files: [] });
          return `T${tickets.length}`;
        },
        attachments: async (id) => ticketOf(id).files.map(({ name, bytes }) => ({ name, size: bytes.byteLength })),
        attach: async (id, file) => {
          ticketOf(id).files.push(file);
        },
        link: (id) => `https://desk.example/${id}`,
        async *companies() {},
      };
    },
  };
  return { psa, tickets, given };
}

const REPORT = {
  ...REPORT_JSON,
  integrations: { acme: {}, desk: { url: 'https://desk.example' } },
  delivery: { mechanism: 'psa', psa: { integration: 'desk', ticket: { companyId: 250, board: 'Billing' } } },
};

async function ready(): Promise<Made> {
  const made = await madeReport({ mechanism: 'psa', psa: 'desk' }, REPORT);
  made.scene.configure('secrets/desk.json', { apiKey: 'canary-of-desk' });
  return made;
}

const create = (psa: Psa, { scene, run, report, files }: Made) =>
  scene.play(psaTicket(psa), { task: 'create-ticket', run, report, files });
const upload = (psa: Psa, { scene, run, report, files }: Made, ticket: unknown) =>
  scene.play(psaTicket(psa), { task: 'upload-csv', run, report, files, ticket });

describe('a ticket', () => {
  test('is made with the summary and gets both files byte for byte', async () => {
    const made = await ready();
    const { psa, tickets, given } = inMemory();
    const ticket = await create(psa, made);
    expect(ticket).toEqual({ ticketId: 'T1', ticketUrl: 'https://desk.example/T1', created: true, waitSeconds: 0 });
    expect(await upload(psa, made, ticket)).toEqual({
      mechanism: 'psa',
      status: 'delivered',
      ticketId: 'T1',
      ticketUrl: 'https://desk.example/T1',
      attached: true,
    });
    expect(given[0]).toEqual({ secret: { apiKey: 'canary-of-desk' }, configuration: { url: 'https://desk.example' } });
    const [{ order, files } = { order: undefined, files: [] }] = tickets;
    expect(order).toMatchObject({
      runKey: expect.stringMatching(/^billing-count:northwind-msp:r1-[0-9a-f]{16}$/u),
      title: 'Billing Reconciliation',
      month: 'November 2026',
      asOf: made.run.asOf,
      ticket: { companyId: '250', board: 'Billing' },
    });
    for (const text of [order?.plain, order?.html]) {
      expect(text).toContain('bad token');
      expect(text).toContain('Nobody Knows');
      expect(text).toContain('report.xlsx');
    }
    expect(files.map(({ name }) => name)).toEqual([
      expect.stringMatching(/^report-[0-9a-f]{8}\.csv$/u),
      expect.stringMatching(/^unmapped-[0-9a-f]{8}\.csv$/u),
    ]);
    expect(Buffer.from(files[0]?.bytes ?? []).toString('utf8')).toBe(await made.scene.text(made.files.csv));
  });

  test('of a repeated run is the same ticket with the same files', async () => {
    const made = await ready();
    const { psa, tickets } = inMemory();
    for (let round = 0; round < 3; round += 1) await upload(psa, made, await create(psa, made));
    expect(tickets).toHaveLength(1);
    expect(tickets[0]?.files).toHaveLength(2);
  });

  test('whose record was lost is found at the PSA', async () => {
    const made = await ready();
    const { psa, tickets } = inMemory();
    await create(psa, made);
    rmSync(join(made.scene.out, 'r1', 'delivery'), { recursive: true });
    expect(await create(psa, made)).toMatchObject({ ticketId: 'T1', created: false });
    expect(tickets).toHaveLength(1);
  });

  test('is another one where the company was changed: no report goes to the ticket of the first', async () => {
    const made = await ready();
    const { psa, tickets } = inMemory();
    await create(psa, made);
    const { delivery } = REPORT;
    const ticket = { ...delivery.psa.ticket, companyId: 251 };
    made.scene.configure('report.json', { ...REPORT, delivery: { ...delivery, psa: { ...delivery.psa, ticket } } });
    await made.scene.play(getIntegrationIds(KNOWN), { run: made.run });
    const second = await create(psa, made);
    expect(second).toMatchObject({ ticketId: 'T2', created: true });
    await upload(psa, made, second);
    expect(tickets.map(({ order, files }) => [order.ticket.companyId, files.length])).toEqual([
      ['250', 0],
      ['251', 2],
    ]);
  });

  test('is another one at another instance, where a stranger may have a ticket of that number', async () => {
    const made = await ready();
    const first = inMemory();
    await create(first.psa, made);
    made.scene.configure('report.json', {
      ...REPORT,
      integrations: { acme: {}, desk: { url: 'https://new.example' } },
    });
    await made.scene.play(getIntegrationIds(KNOWN), { run: made.run });
    const second = inMemory();
    const [{ order } = { order: undefined }] = first.tickets;
    if (order === undefined) throw new Error('no ticket was made');
    second.tickets.push({ id: 'T1', order: { ...order, runKey: 'a stranger’s' }, files: [] });
    const ticket = await create(second.psa, made);
    expect(ticket).toMatchObject({ ticketId: 'T2', created: true });
    await upload(second.psa, made, ticket);
    expect(second.tickets.map(({ files }) => files.length)).toEqual([0, 2]);
  });

  test('stays the same one where the company is only written in another way', async () => {
    const made = await ready();
    const { psa, tickets } = inMemory({ numbers: { Northwind: '250' } });
    const { delivery } = REPORT;
    for (const companyId of [250, '250', 'Northwind']) {
      const ticket = { ...delivery.psa.ticket, companyId };
      made.scene.configure('report.json', { ...REPORT, delivery: { ...delivery, psa: { ...delivery.psa, ticket } } });
      await made.scene.play(getIntegrationIds(KNOWN), { run: made.run });
      await upload(psa, made, await create(psa, made));
      // And where the records of the run are gone.
      rmSync(join(made.scene.out, 'r1', 'delivery'), { recursive: true });
    }
    expect(tickets.map(({ order, files }) => [order.ticket.companyId, files.length])).toEqual([['250', 2]]);
  });

  test('that takes no large file says where it lies', async () => {
    const made = await ready();
    const { psa, tickets } = inMemory({ attachmentLimit: 10 });
    expect(await upload(psa, made, await create(psa, made))).toMatchObject({ status: 'delivered', attached: false });
    expect(tickets[0]?.files).toEqual([]);
    expect(tickets[0]?.order.plain).toContain(made.scene.platform.objects.locate('runs/r1'));
  });
});

describe('refusals', () => {
  test('the PSA’s errors keep their name and lose the secret', async () => {
    const made = await ready();
    const { psa } = inMemory({
      fail: () => {
        throw new ReportError('DeliveryError', 'no board for canary-of-desk');
      },
    });
    await expect(create(psa, made)).rejects.toMatchObject({ name: 'DeliveryError', message: 'no board for [secret]' });
    expect(readdirSync(join(made.scene.out, 'r1', 'delivery'))).toEqual([]);
  });

  test('a fault of ours is reported as a failed delivery', async () => {
    const made = await ready();
    const { psa } = inMemory({
      fail: () => {
        throw new TypeError('x');
      },
    });
    await expect(create(psa, made)).rejects.toMatchObject({
      name: 'DeliveryError',
      message: 'unexpected fault while delivering: TypeError: x',
    });
  });

  test('without its secret it names the file and its fields', async () => {
    const made = await madeReport({ mechanism: 'psa', psa: 'desk' }, REPORT);
    await expect(create(inMemory().psa, made)).rejects.toThrow(/secrets\/desk\.json is missing.*apiKey/u);
  });

  test('another PSA than the one configured, and a task that does not exist', async () => {
    const made = await ready();
    await expect(create({ ...inMemory().psa, id: 'other', name: 'Other' }, made)).rejects.toThrow(/names desk/u);
    const input = { task: 'close', run: made.run, report: made.report, files: made.files };
    await expect(made.scene.play(psaTicket(inMemory().psa), input)).rejects.toThrow(/input of psa-desk: task/u);
  });
});
