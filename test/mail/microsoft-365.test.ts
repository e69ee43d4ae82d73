import { simpleParser } from 'mailparser';
import { describe, expect, test } from 'vitest';
import { microsoft365Mail } from '../../lambdas/mail/microsoft-365.ts';
import { sendOnce } from '../../lambdas/mail/send-once.ts';
import { MailRefused } from '../../lambdas/platform/mail-refused.ts';
import type { Transport } from '../../lambdas/wire/transport.ts';
import { type GraphMail, graphMail } from '../sandbox/mail/graph-mail.ts';
import { inProcess } from '../sandbox/transport.ts';
import type { SandboxResponse } from '../sandbox/vendor.ts';
import { mailContract } from './contract.ts';
import { FROM, memoryMarker, sampleMessage } from './sample-message.ts';
import { mailSession } from './session.ts';

const SEND = /sendMail$|\/send$/u;

/** Everything that a request of ours carries. */
const recited = ({ url, headers, body }: Parameters<Transport>[0]): string =>
  `${url.href} ${JSON.stringify(headers)} ${typeof body === 'string' ? body : ''}`;

function rig(rights: readonly string[] = ['Mail.Send'], from = FROM, configuration: object = {}) {
  const server = graphMail(FROM, rights);
  const tokens: string[] = [];
  let gone = false;
  let heard = '';
  const inner = inProcess([server], {
    after: (_, { body }) => {
      const token: unknown = Reflect.get(Object(body), 'access_token');
      if (typeof token === 'string') tokens.push(token);
    },
  });
  const transport: Transport = (wire, signal) => {
    if (gone) return Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));
    heard += recited(wire);
    return inner(wire, signal);
  };
  const echo = (status: number): SandboxResponse => ({ status, body: { error: { code: 'x', message: heard } } });
  return {
    server,
    open: async () => microsoft365Mail({ secret: server.secret, configuration }, from, mailSession(transport)),
    taken: () => server.taken.map(({ mime }) => mime),
    refuse: () => {
      server.mishaps.push({
        at: SEND,
        when: 'before',
        // Made when it is asked for, so that it says back this very request.
        get answer() {
          return echo(400);
        },
      });
    },
    loseAnswer: () => {
      server.mishaps.push({ at: SEND, when: 'after', answer: { status: 200, fault: 'reset' } });
    },
    vanish: () => {
      gone = true;
    },
    get canaries() {
      return [server.secret.clientSecret, ...tokens];
    },
    end: async () => {},
  };
}

mailContract('Microsoft 365', async () => rig());

const send = async (at: ReturnType<typeof rig>, contents?: Record<string, Uint8Array>) => {
  const route = await at.open();
  return route.send(await sampleMessage(route.capacity, contents));
};
const refusal = (work: Promise<unknown>) => work.then(() => undefined).catch((error: unknown) => error);

/** Bytes that no compression makes smaller. */
function noise(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = 1;
  for (let index = 0; index < length; index += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    bytes[index] = state >>> 24;
  }
  return bytes;
}

const paths = (server: GraphMail) =>
  server.requests
    .filter((what) => !what.includes('login'))
    .map((what) => what.replace(/^.*?\.com/u, '').replace(/^\/v1\.0\/users\/[^/]+/u, ''));

describe('Microsoft 365: files', () => {
  test('that are large are sent compressed in the one request that needs no other right', async () => {
    const at = rig();
    await send(at, { 'report.csv': Buffer.alloc(5_000_000, 'a,1\r\n') });
    expect(paths(at.server)).toEqual(['/sendMail']);
    const { attachments } = await simpleParser(at.taken()[0] ?? '');
    expect(attachments.map(({ filename }) => filename)).toEqual(['report.csv.gz']);
  });

  test('that stay too large are attached to a draft, small ones whole and large ones in pieces, before it is sent', async () => {
    const at = rig(['Mail.Send', 'Mail.ReadWrite']);
    await send(at, { 'report.csv': noise(7_000_000), 'unmapped.csv': Buffer.from('a') });
    const [draft] = at.server.taken;
    expect(draft?.uploads.map(({ name, bytes }) => [name, bytes.length > 0])).toEqual([
      ['report.csv.gz', true],
      ['unmapped.csv.gz', true],
    ]);
    expect(draft?.uploads[0]?.bytes.length).toBeGreaterThan(7_000_000);
    expect(paths(at.server).filter((path) => path.startsWith('/api/'))).toHaveLength(3);
    expect(paths(at.server).at(-1)).toMatch(/\/send$/u);
    expect((await simpleParser(draft?.mime ?? '')).text).toContain('Billing Reconciliation');
  });

  test('on a draft need Mail.ReadWrite: without it nothing goes out, and the right is named', async () => {
    const at = rig();
    const error = await refusal(send(at, { 'report.csv': noise(4_000_000) }));
    expect(error).toBeInstanceOf(MailRefused);
    expect(error).toMatchObject({ message: expect.stringMatching(/add Mail\.ReadWrite .*Application permissions/u) });
  });

  test.each([/\/messages$/u, /createUploadSession$/u, /PUT outlook/u])(
    'after an answer lost at %s are sent later: a draft is not a sent mail',
    async (lost) => {
      const at = rig(['Mail.Send', 'Mail.ReadWrite']);
      at.server.mishaps.push({ at: lost, when: 'after', answer: { status: 200, fault: 'reset' } });
      const error = await refusal(send(at, { 'report.csv': noise(4_000_000) }));
      expect(error).toBeInstanceOf(MailRefused);
      expect(String(error)).not.toContain('canary');
      expect(at.taken()).toEqual([]);
    },
  );

  test('too large for Exchange or the cloud are only named', async () => {
    const china = rig(['Mail.Send'], FROM, { cloud: 'china' });
    const { capacity } = await china.open();
    expect(capacity.compressed).toBe(capacity.asTheyAre);
    const { files } = await sampleMessage(capacity, { 'report.csv': noise(4_000_000) });
    expect(files).toEqual([]);
  });
});

describe('Microsoft 365: refusals say what to do', () => {
  test.each([
    ['no right to send', rig([]), /add Mail\.Send .*App registrations.*admin consent.*access policy/u],
    [
      'no such mailbox',
      rig(['Mail.Send'], 'nobody@northwind.example'),
      /there is no mailbox nobody@.*delivery\.email\.from/u,
    ],
  ])('%s', async (_, at, sentence) => {
    const error = await refusal(send(at));
    expect(error).toBeInstanceOf(MailRefused);
    expect(error).toMatchObject({ message: expect.stringMatching(sentence) });
  });

  test('an expired client secret', async () => {
    const at = rig();
    const secret = { ...at.server.secret, clientSecret: 'canary-another-secret' };
    const route = microsoft365Mail({ secret, configuration: {} }, FROM, mailSession(inProcess([at.server])));
    const error = await refusal(route.send(await sampleMessage(route.capacity)));
    expect(error).toBeInstanceOf(MailRefused);
    expect(error).toMatchObject({ message: expect.stringMatching(/client secret is wrong \(AADSTS7000215\)/u) });
    expect(String(error)).not.toContain('canary');
  });

  test('a message above the limit of a request', async () => {
    const at = rig();
    at.server.mishaps.push({ at: SEND, when: 'before', answer: { status: 413 } });
    expect(await refusal(send(at))).toMatchObject({ message: expect.stringContaining('too large for Microsoft 365') });
  });

  test('no app identity at all', () => {
    const { partnerTenantId, clientId } = graphMail(FROM).secret;
    const open = () =>
      microsoft365Mail({ secret: { partnerTenantId, clientId }, configuration: {} }, FROM, mailSession());
    expect(open).toThrow(
      'secrets/microsoft-365.json: clientSecret: expected, or certificatePem and privateKeyPem instead',
    );
  });
});

test('Microsoft 365: a limit on requests is waited out', async () => {
  const at = rig();
  at.server.mishaps.push({ at: SEND, when: 'before', answer: { status: 429, headers: { 'Retry-After': '7' } } });
  await send(at);
  expect(at.taken()).toHaveLength(1);
});

test("Microsoft 365: a firewall's page is called that, and nothing was sent", async () => {
  const at = rig();
  const answer = { status: 403, headers: { 'content-type': 'text/html' }, body: '<html>Request Rejected</html>' };
  at.server.mishaps.push({ at: SEND, when: 'before', answer });
  const error = await refusal(send(at));
  expect(error).toBeInstanceOf(MailRefused);
  expect(error).toMatchObject({ message: expect.stringContaining('a web page came instead of an API answer') });
});

test.each([
  ['an error of the service', { status: 503 }],
  ['another success than 202', { status: 200, body: '<html>proxy</html>' }],
])('Microsoft 365: after %s it is not known whether the mail went out', async (_, answer) => {
  const at = rig();
  at.server.mishaps.push({ at: SEND, when: 'after', answer });
  const error = await refusal(send(at));
  expect(error).toMatchObject({ name: 'DeliveryError' });
  expect(error).not.toBeInstanceOf(MailRefused);
});

test('Microsoft 365: an app that may read mail finds the one whose answer was lost', async () => {
  const at = rig(['Mail.Send', 'Mail.ReadWrite']);
  at.loseAnswer();
  const sent = await sendOnce([{ via: 'microsoft-365', open: at.open }], sampleMessage, memoryMarker());
  expect(sent).toMatchObject({ via: 'microsoft-365', messageId: expect.stringContaining('@billing-count-report>') });
  expect(at.taken()).toHaveLength(1);
});

test('Microsoft 365: a repeated run finds the mail of an attempt whose end nobody saw, if the app may read mail', async () => {
  for (const [rights, sentence] of [
    [['Mail.Send', 'Mail.ReadWrite'], true],
    [['Mail.Send'], false],
  ] as const) {
    const at = rig(rights);
    const marker = memoryMarker();
    await marker.begin();
    await send(at);
    const again = sendOnce([{ via: 'microsoft-365', open: at.open }], sampleMessage, marker);
    if (sentence) expect(await again).toMatchObject({ via: 'microsoft-365' });
    else await expect(again).rejects.toThrow(/started to send it and left no result/u);
    expect(at.taken()).toHaveLength(1);
  }
});

test('Microsoft 365: the check names the right that is missing', async () => {
  await expect((await rig(['User.Read.All']).open()).check()).rejects.toThrow(/add Mail\.Send/u);
  expect(await (await rig().open()).check()).toContain('Mail.Send');
});
