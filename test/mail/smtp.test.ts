import { once } from 'node:events';
import { type AddressInfo, connect as connectSocket, createServer } from 'node:net';
import type { SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, test } from 'vitest';
import { smtpMail } from '../../lambdas/mail/smtp.ts';
import { MailRefused } from '../../lambdas/platform/mail-refused.ts';
import type { Connect } from '../../lambdas/wire/connect.ts';
import { elsewhere, HOST, holding, mailServer, SECRET } from '../sandbox/mail/mail-server.ts';
import { selfSigned } from '../sandbox/vendor-apis/microsoft-365/certificate.ts';
import { mailContract } from './contract.ts';
import { sampleMessage } from './sample-message.ts';
import { mailSession } from './session.ts';

mailContract('SMTP', async () => {
  const server = await mailServer();
  return {
    ...server,
    open: async () => opened(SECRET, server.connect),
    canaries: [SECRET.password, SECRET.username, `\0${SECRET.username}\0${SECRET.password}`],
  };
});

function opened(secret: object, connect: Connect) {
  const session = mailSession();
  return smtpMail(secret, session, holding(session.clock, connect));
}

const servers: Awaited<ReturnType<typeof mailServer>>[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.end()));
});
async function at(options: SMTPServerOptions = {}, secret: object = {}) {
  const server = await mailServer(options);
  servers.push(server);
  return { server, route: opened({ ...SECRET, ...secret }, server.connect) };
}
const refusal = (work: Promise<unknown>) => work.then(() => undefined).catch((error: unknown) => error);

describe('SMTP: TLS and a sign-in are required', () => {
  test('on port 465 from the first byte; a port can be a text, as in the console of Secrets Manager', async () => {
    const { server, route } = await at({ secure: true }, { port: '465' });
    await route.send(await sampleMessage(route.capacity));
    expect(server.taken()).toHaveLength(1);
  });

  test.each<[string, SMTPServerOptions, RegExp]>([
    ['offers no STARTTLS', { hideSTARTTLS: true, disabledCommands: ['STARTTLS'] }, /no connection over TLS/u],
    ['has a certificate for another name', certified(elsewhere), /no connection over TLS.*certificate/u],
    ['has a certificate that nobody vouches for', certified(selfSigned(HOST)), /no connection over TLS.*certificate/u],
    ['has no sign-in', { disabledCommands: ['AUTH'] }, /refused the username or the password/u],
  ])('a server that %s gets no mail and no password', async (_, options, sentence) => {
    const { server, route } = await at(options);
    const error = await refusal(route.send(await sampleMessage(route.capacity)));
    expect(error).toBeInstanceOf(MailRefused);
    expect(error).toMatchObject({ message: expect.stringMatching(sentence) });
    expect(server.taken()).toEqual([]);
  });

  test('a refused password names the secret and is not shown', async () => {
    const { route } = await at({}, { password: 'canary-wrong' });
    for (const error of [
      await refusal(route.check()),
      await refusal(route.send(await sampleMessage(route.capacity))),
    ]) {
      expect(error).toMatchObject({ message: expect.stringMatching(/secrets\/smtp\.json.*535/u) });
      expect(String(error)).not.toContain('canary');
    }
  });
});

describe('SMTP: a server that comes to no end', () => {
  test('with its greeting, a byte at a time, gets no mail, and its connection is ended', async () => {
    const server = createServer((socket) => {
      const drip = setInterval(() => socket.write('2'), 5);
      socket.on('error', () => {}).once('close', () => clearInterval(drip));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo; // a TCP server has no other kind of address
    const closed: Promise<unknown>[] = [];
    const session = mailSession();
    const route = smtpMail(SECRET, session, async () => {
      const socket = connectSocket(port, '127.0.0.1');
      closed.push(once(socket, 'close'));
      await once(socket, 'connect');
      return socket;
    });
    const message = await sampleMessage(route.capacity);
    for (const work of [route.check(), route.send(message)]) {
      const error = await refusal(work);
      expect(error).toBeInstanceOf(MailRefused);
      expect(error).toMatchObject({ message: expect.stringContaining('no complete answer within 120 s') });
    }
    await Promise.all(closed);
    server.close();
  });

  test('with its answer to the message may have taken it', async () => {
    const arrived = Promise.withResolvers<void>();
    const server = await mailServer({ onData: (stream) => stream.resume().once('end', arrived.resolve) });
    servers.push(server);
    const session = mailSession();
    const route = smtpMail(SECRET, session, async (host) => {
      void session.clock.hold(arrived.promise);
      return server.connect(host);
    });
    const error = await refusal(route.send(await sampleMessage(route.capacity)));
    expect(error).toMatchObject({
      name: 'DeliveryError',
      message: expect.stringMatching(/did not confirm the message: no answer .*no complete answer within 280 s/u),
    });
  });
});

describe('SMTP: recipients', () => {
  const to = async (route: Awaited<ReturnType<typeof at>>['route'], recipients: string[]) =>
    route.send({ ...(await sampleMessage(route.capacity)), recipients });

  test('that the server refuses are named, and the others get the mail', async () => {
    const { route } = await at();
    expect(await to(route, ['billing@northwind.example', 'nobody@northwind.example'])).toMatchObject({
      refusedRecipients: ['nobody@northwind.example'],
    });
  });

  test('that are all refused: nothing was sent', async () => {
    const { server, route } = await at();
    const error = await refusal(to(route, ['nobody@northwind.example']));
    expect(error).toBeInstanceOf(MailRefused);
    expect(error).toMatchObject({ message: expect.stringContaining('no such mailbox') });
    expect(server.taken()).toEqual([]);
  });
});

test.each([
  ['port', { port: 0 }],
  ['port', { port: 'smtp' }],
  ['password', { password: undefined }],
  ['tls', { tls: false }],
])('SMTP: %s is checked before anything is sent', (member, secret) => {
  const open = () => smtpMail({ ...SECRET, ...secret }, mailSession(), () => Promise.reject(new Error('connected')));
  expect(open).toThrow(new RegExp(`secrets/smtp\\.json: .*${member}`, 'u'));
});

function certified({ privateKeyPem: key, certificatePem: cert }: ReturnType<typeof selfSigned>): SMTPServerOptions {
  return { key, cert };
}
