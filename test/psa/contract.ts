import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { attachFiles } from '../../lambdas/psa/delivery/attachments.ts';
import { listCompanies, withCompanyId } from '../../lambdas/psa/delivery/companies.ts';
import type { Psa } from '../../lambdas/psa/delivery/psa.ts';
import { createTicket } from '../../lambdas/psa/delivery/ticket.ts';
import { type DemoMsp, demoMsp } from '../sandbox/demo-msp.ts';
import type { Mishap, SandboxPsa } from '../sandbox/psa.ts';
import type { SandboxRequest, SandboxResponse } from '../sandbox/vendor.ts';
import { spoilt } from '../spoilt.ts';
import {
  atOnce,
  attachedName,
  bench,
  FILES,
  type Killed,
  keyOf,
  markerStore,
  NAMES,
  RUN_ID,
  ticketAtLast,
} from './psa-rig.ts';

/** What the suite needs to know about a PSA. */
export type Case = {
  psa: Psa;
  make: (msp: DemoMsp, now: () => number) => SandboxPsa;
  /** A secret that the PSA refuses. */
  badSecret: Record<string, unknown>;
  /** Names that the error must list if the board is unknown. */
  boards: readonly string[];
  /**
   * What `extra` can hold to set another status, that status, and fields that `extra` must not replace, such as the
   * company's.
   */
  extra: { members: Record<string, unknown>; status: string; kept: readonly string[] };
  /** How many companies fill three pages. */
  threePages: number;
  /** The ticket's title if the PSA requires more than "Billing Reconciliation". */
  title?: string;
  /** Other spellings of the id of the ticket's company; by default those of a number. */
  spellings?: (companyId: string) => readonly (string | number)[];
  /** Which requests read companies, if the path does not contain "companies" or "clients". */
  readsCompanies?: (request: SandboxRequest) => boolean;
  /** The body of a fault, if it is not in `message`. */
  faultBody?: Record<string, unknown>;
  /** The create call. */
  isCreate: (request: SandboxRequest) => boolean;
  /** The link that the ticket with this id must have. */
  link: (ticketId: string) => string;
};

const ERROR_500: SandboxResponse = { status: 500, body: 'Internal Server Error' };
const WRONG_ANSWERS: Record<string, SandboxResponse> = {
  'HTTP 500': ERROR_500,
  silence: { status: 200, fault: 'silence' },
  'a reset connection': { status: 200, fault: 'reset' },
  'half an answer': { status: 200, fault: 'reset-in-body' },
  'a page of HTML': { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>please wait</html>' },
};

/** The same promises for every PSA. */
export function psaContract({
  psa,
  make,
  badSecret,
  boards,
  extra,
  threePages,
  title,
  spellings = (id) => [Number(id), ` ${id} `, `0${id}`],
  readsCompanies,
  faultBody,
  isCreate,
  link,
}: Case): void {
  const msp = demoMsp();
  const at = () => bench(psa, (now) => make(msp, now));
  const names = NAMES;

  /** One ticket, one copy of each file, byte for byte. */
  const expectOnce = (server: SandboxPsa) => {
    expect(server.tickets()).toHaveLength(1);
    const [ticket] = server.tickets();
    expect(ticket?.attachments.map(({ name }) => name).sort()).toEqual(names);
    for (const file of FILES) {
      const held = ticket?.attachments.find(({ name }) => name === attachedName(file));
      expect(Buffer.from(held?.bytes ?? []).equals(file.bytes)).toBe(true);
    }
  };

  describe(`${psa.name}: a delivery`, () => {
    test('makes one ticket with title, text, company, board and status, and attaches the files byte for byte', async () => {
      const { deliver, server, order } = at();
      const { ticket, files } = await deliver();
      expectOnce(server);
      expect(server.tickets()[0]).toMatchObject({
        id: ticket.ticketId,
        title: title ?? 'Billing Reconciliation',
        companyId: String(server.ticket.companyId),
        board: server.ticket.board,
        status: server.ticket.status,
      });
      expect(server.tickets()[0]?.description).toContain('November 2026: 40 companies.');
      expect(server.tickets()[0]?.description).toContain(order.runKey);
      expect(ticket).toEqual({
        ticketId: ticket.ticketId,
        ticketUrl: link(ticket.ticketId),
        created: true,
        waitSeconds: 0,
      });
      expect(files).toEqual({
        attached: true,
        files: names.map((name) => ({ name, state: 'attached', compressed: false })),
      });
    });

    test('repeated adds nothing and answers the same', async () => {
      const { deliver, server } = at();
      const first = await deliver();
      const second = await deliver();
      expectOnce(server);
      expect(second).toEqual({ ...first, ticket: { ...first.ticket, created: false } });
    });

    test('whose own records are lost finds ticket and files at the PSA', async () => {
      const { open, deliver, order, server } = at();
      const first = await deliver();
      const again = atOnce(await createTicket(open(), order, markerStore().markers));
      await attachFiles(open(), again, FILES, markerStore().markers);
      expectOnce(server);
      expect(again).toEqual({ ...first.ticket, created: false });
    });

    test('of another run is another ticket, even if its id begins alike', async () => {
      const { open, order, deliver, server } = at();
      await deliver();
      const other = { ...order, runKey: keyOf(RUN_ID.slice(0, -1)) };
      expect(atOnce(await createTicket(open(), other, markerStore().markers)).created).toBe(true);
      expect(server.tickets()).toHaveLength(2);
    });

    for (const [what, answer] of Object.entries(WRONG_ANSWERS)) {
      test(`survives ${what} to a create call that took effect`, async () => {
        const { deliver, server } = at();
        server.mishap({ at: 'create', when: 'after', answer });
        const { ticket } = await deliver();
        expectOnce(server);
        expect(ticket).toMatchObject({ ticketId: server.tickets()[0]?.id, created: true });
      });

      test(`survives ${what} to an upload that took effect`, async () => {
        const { deliver, server } = at();
        server.mishap({ at: 'attach', when: 'after', answer });
        const { files } = await deliver();
        expectOnce(server);
        expect(files.attached).toBe(true);
      });
    }

    test('sends again what certainly did not arrive', async () => {
      const { deliver, server } = at();
      server.mishap({ at: 'create', when: 'before', answer: ERROR_500 });
      server.mishap({ at: 'attach', when: 'before', answer: ERROR_500 });
      await deliver();
      expectOnce(server);
    });

    test('gives up when the PSA stays silent, twice and for minutes, and succeeds when it is back', async () => {
      const { deliver, server } = at();
      for (const at of ['create', 'create'] as const) {
        server.mishap({ at, when: 'before', answer: { status: 200, fault: 'silence' } });
      }
      await expect(deliver()).rejects.toMatchObject({ name: 'DeliveryError' });
      await deliver();
      expectOnce(server);
    });

    test('makes no second ticket if the create call takes effect only after minutes', async () => {
      for (const seconds of [100, 150, 290]) {
        const { deliver, server, clock } = at();
        server.mishap({ at: 'create', when: 'after', seconds, answer: ERROR_500 });
        await deliver();
        await clock.sleep(600_000);
        expectOnce(server);
      }
    });

    test('whose records are lost attaches other numbers under another name, and never mistakes the old ones for them', async () => {
      const { open, order, deliver, server } = at();
      await deliver();
      const [report = FILES[0], ...others] = FILES;
      if (report === undefined) throw new Error('there is no file');
      // The same number of bytes, another figure.
      const bytes = Buffer.from(Buffer.from(report.bytes).toString().replace(',12', ',13'));
      const now = [{ ...report, bytes }, ...others];
      const ticket = atOnce(await createTicket(open(), { ...order, files: now }, markerStore().markers));
      expect((await attachFiles(open(), ticket, now, markerStore().markers)).attached).toBe(true);
      expect(server.tickets()).toHaveLength(1);
      const contents = server.tickets()[0]?.attachments.map((file) => Buffer.from(file.bytes).toString());
      expect(contents).toHaveLength(FILES.length + 1);
      expect(contents).toContain(bytes.toString());
    });

    test('makes a ticket again if the recorded one is gone, and says which one it replaces', async () => {
      const { open, order, ticket, server, clock } = at();
      const first = await ticketAtLast(() => open(), order, ticket.markers, clock);
      server.forget(first.ticketId);
      const second = await ticketAtLast(() => open(), order, ticket.markers, clock);
      expect(second).toMatchObject({ created: true });
      const held = server.tickets().find(({ id }) => id === second.ticketId);
      expect(held?.description).toContain(`This ticket replaces ticket ${first.ticketId}`);
    });

    test("reports a fault with a reason in the PSA's words, and does not repeat the call", async () => {
      const { open, order, ticket, server, requests } = at();
      const body = faultBody ?? { message: 'The board is closed for maintenance' };
      for (const status of [500, 503]) {
        server.mishap({ at: 'create', when: 'before', answer: { status, body } });
        server.mishap({ at: 'create', when: 'before', answer: { status, body } });
      }
      await expect(createTicket(open(), order, ticket.markers)).rejects.toMatchObject({
        name: 'DeliveryError',
        message: expect.stringContaining('The board is closed for maintenance'),
      });
      expect(requests.filter((request) => isCreate(request))).toHaveLength(1);
      expect(server.tickets()).toHaveLength(0);
    });

    test('killed between any two steps is finished by the next process', async () => {
      for (const killed of ['after-begin', 'before-record'] as const) {
        for (const step of ['ticket', 'attachments'] as const) {
          // Files that are sent with the ticket have no marker of their own.
          if (psa.carriesFiles === true && step === 'attachments' && killed === 'after-begin') continue;
          const joined = at();
          joined[step].kill(killed);
          await expect(joined.deliver()).rejects.toThrow('killed');
          await joined.deliver();
          expectOnce(joined.server);
        }
      }
    });

    test('killed or misled in any order leaves one ticket and one copy of each file', async () => {
      const mishap = fc.record<Mishap>({
        at: fc.constantFrom('create', 'attach'),
        when: fc.constantFrom('before', 'after'),
        answer: fc.constantFrom(...Object.values(WRONG_ANSWERS)),
      });
      const kill = fc.record({
        step: fc.constantFrom('ticket' as const, 'attachments' as const),
        killed: fc.constantFrom<Killed>('after-begin', 'before-record'),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(mishap, { maxLength: 4 }), fc.option(kill), async (mishaps, killed) => {
          const joined = at();
          for (const mishap of mishaps) joined.server.mishap(mishap);
          if (killed !== null) joined[killed.step].kill(killed.killed);
          await joined.deliverAtLast();
          expectOnce(joined.server);
        }),
        { numRuns: 20 },
      );
    });

    test('running twice at once makes one ticket', async () => {
      const { open, order, ticket, server } = at();
      const both = await Promise.all([
        createTicket(open(), order, ticket.markers),
        createTicket(open(), order, ticket.markers),
      ]);
      expect(server.tickets()).toHaveLength(1);
      expect(both[0].ticketId).toBe(both[1].ticketId);
      expect(both.some(({ created }) => created)).toBe(true);
    });

    test('gzips what is above the limit, and names what is too large even then', async () => {
      const { deliver, server } = at();
      const loose = new Uint8Array(psa.attachmentLimit + 1).fill(65);
      const scattered = new Uint8Array(psa.attachmentLimit + 1);
      let state = 1;
      for (let index = 0; index < scattered.length; index += 1) {
        state = (Math.imul(state, 1664525) + 1013904223) | 0;
        scattered[index] = state >>> 24;
      }
      const { files } = await deliver([
        { name: 'report.csv', bytes: loose, contentType: 'text/csv' },
        { name: 'unmapped.csv', bytes: scattered, contentType: 'text/csv' },
      ]);
      expect(files).toEqual({
        attached: false,
        files: [
          { name: expect.stringMatching(/^report-[0-9a-f]{8}\.csv\.gz$/u), state: 'attached', compressed: true },
          { name: 'unmapped.csv', state: 'too-large', compressed: false },
        ],
      });
      expect(server.tickets()[0]?.attachments).toHaveLength(1);
    });

    test('carries no control character, no half of a pair, and nothing that is no character', async () => {
      const { open, order, server } = at();
      const name = 'Contoso\u0000\u0007\u0085\ufffe\ud800 Ltd\udc00';
      await createTicket(open(), { ...order, plain: `${name}: failed`, html: `<p>${name}</p>` }, markerStore().markers);
      expect(server.tickets()[0]?.description).toContain('Contoso Ltd');
      expect(server.tickets()[0]?.description).not.toMatch(/[^\P{Cc}\t\r\n]|[\p{Cs}\ufffd\ufffe]/u);
    });

    test('carries hostile text and file names unharmed', async () => {
      const { open, order, server } = at();
      const words = `Zoë's "Café" & Sons\r\n--x\r\nContent-Disposition: form-data; name="recordId"\r\n\r\n1 \u202e 🧾 \\ %0a {{7*7}}`;
      const file = { name: 'bericht "März"\r\n.csv', bytes: Buffer.from(words), contentType: 'text/csv' };
      const ticket = atOnce(await createTicket(open(), { ...order, plain: words, html: words }, markerStore().markers));
      await open().attach(ticket.ticketId, file);
      expect(server.tickets()[0]?.description).toContain(words);
      expect(Buffer.from(server.tickets()[0]?.attachments[0]?.bytes ?? []).toString()).toBe(words);
      expect(server.tickets()[0]?.attachments[0]?.name).toMatch(/März.*\.csv$/su);
    });
  });

  describe(`${psa.name}: mistakes in the configuration`, () => {
    test('bad credentials are VendorAuthError, name no secret, and make nothing', async () => {
      const { open, order, server } = at();
      const failed = await createTicket(open({ secret: badSecret }), order, markerStore().markers).catch(
        (error: unknown) => error,
      );
      expect(failed).toMatchObject({ name: 'VendorAuthError' });
      for (const value of Object.values(badSecret)) {
        if (typeof value === 'string' && !value.startsWith('https:')) expect(String(failed)).not.toContain(value);
      }
      expect(server.tickets()).toHaveLength(0);
    });

    test('a credential with a character that none has is refused at once, by us or by the PSA', async () => {
      for (const secret of spoilt(at().server.secret)) {
        const { open, order, clock } = at();
        const act = async () => createTicket(open({ secret }), order, markerStore().markers);
        await expect(act(), JSON.stringify(secret)).rejects.toMatchObject({
          name: expect.stringMatching(/^(ConfigurationError|VendorAuthError)$/u),
        });
        expect(clock.elapsed()).toBe(0);
      }
    });

    test("a firewall's page is called that, and not bad credentials", async () => {
      const page = '<!DOCTYPE html><html><body>Access denied by the web application firewall</body></html>';
      const { open, order } = bench(
        psa,
        (now) => make(msp, now),
        () => ({ status: 403, headers: { 'content-type': 'text/html' }, body: page }),
      );
      await expect(createTicket(open(), order, markerStore().markers)).rejects.toMatchObject({
        name: 'VendorUnavailableError',
        message: expect.stringMatching(/a web page came instead of an API answer \(HTTP 403\)/u),
      });
    });

    test("a firewall's page to a call that makes something is called that, and nothing is waited for or made", async () => {
      // Files that are sent with the ticket are not attached separately.
      for (const step of psa.carriesFiles === true ? (['create'] as const) : (['create', 'attach'] as const)) {
        for (const status of [403, 406]) {
          const { deliver, server, clock } = at();
          const page = { status, headers: { 'content-type': 'text/html' }, body: '<!DOCTYPE html><p>Request Rejected' };
          server.mishap({ at: step, when: 'before', answer: page });
          await expect(deliver(), `${step} ${status}`).rejects.toThrow(
            `a web page came instead of an API answer (HTTP ${status}); a firewall`,
          );
          expect(clock.elapsed()).toBeLessThan(60_000);
          expect(server.tickets()[0]?.attachments ?? []).toEqual([]);
        }
      }
    });

    test('an unknown board lists the valid ones and begins nothing, so that the next run does not wait', async () => {
      const { open, order, ticket, clock, server } = at();
      const wrong = { ...order, ticket: { ...order.ticket, board: 'constructor' } };
      const failed = await createTicket(open(), wrong, ticket.markers).catch((error: unknown) => error);
      expect(failed).toMatchObject({ name: 'DeliveryError' });
      expect(String(failed)).toContain('report.json: delivery.psa.ticket.board');
      for (const board of boards) expect(String(failed)).toContain(board);
      const before = clock.elapsed();
      await createTicket(open(), order, ticket.markers);
      expect(clock.elapsed() - before).toBeLessThan(1000);
      expect(server.tickets()).toHaveLength(1);
    });

    test('names are accepted in any case, and ids unchanged', async () => {
      const { open, order, server } = at();
      const board = String(order.ticket.board).toUpperCase();
      await createTicket(open(), { ...order, ticket: { ...order.ticket, board: ` ${board} ` } }, markerStore().markers);
      expect(server.tickets()[0]?.board).toBe(server.ticket.board);
    });

    test('a company is known by one id, however report.json spells it', async () => {
      const { open, server, order } = at();
      const companyId = String(server.ticket.companyId);
      const known = await Promise.all(
        spellings(companyId).map((spelt) => withCompanyId(open(), { ...order.ticket, companyId: spelt })),
      );
      expect(known.map((ticket) => ticket.companyId)).toEqual(known.map(() => companyId));
      expect(known.length).toBeGreaterThan(1);
    });

    test('extra goes into the create call last', async () => {
      const { open, order, server } = at();
      const ticket = { ...order.ticket, extra: extra.members };
      await createTicket(open(), { ...order, ticket }, markerStore().markers);
      expect(server.tickets()[0]?.status).toBe(extra.status);
    });

    test('extra cannot replace what the ticket is found by, nor its company, in any case', async () => {
      const { open, order, server } = at();
      for (const member of extra.kept.flatMap((kept) => [kept, kept.toLowerCase(), kept.toUpperCase()])) {
        const ticket = { ...order.ticket, extra: { [member]: 'x' } };
        await expect(createTicket(open(), { ...order, ticket }, markerStore().markers)).rejects.toMatchObject({
          name: 'DeliveryError',
          message: expect.stringContaining(`"${member}" cannot be set`),
        });
      }
      expect(server.tickets()).toHaveLength(0);
    });

    test('a misspelt field of the secret is refused by name', () => {
      const { server, open } = at();
      expect(() => psa.check({ secret: server.secret, configuration: server.configuration })).not.toThrow();
      expect(() => open({ secret: { ...server.secret, clientSekret: 'x' } })).toThrow(
        `secrets/${psa.id}.json: unknown field "clientSekret"`,
      );
    });
  });

  describe(`${psa.name}: companies`, () => {
    test('all pages are read, each company once, inactive and deleted ones left out', async () => {
      const large = demoMsp(threePages);
      const { open, requests } = bench(psa, (now) => make(large, now));
      const companies = await listCompanies(open());
      const listed = new Set(companies.map(({ name }) => name));
      expect(large.companies.every(({ name }) => listed.has(name))).toBe(true);
      expect(new Set(companies.map(({ id }) => id)).size).toBe(companies.length);
      expect(listed.has('Sleepy Inc') || listed.has('Asleep Ltd') || listed.has('Gone Co')).toBe(false);
      const isTold = readsCompanies ?? (({ path }) => /compan|client/iu.test(path.split('/').at(-1) ?? ''));
      expect(requests.filter(isTold).length).toBeGreaterThanOrEqual(3);
      expect(companies.map(({ name }) => name.toLowerCase())).toEqual(
        [...companies.map(({ name }) => name.toLowerCase())].sort(),
      );
    });
  });
}
