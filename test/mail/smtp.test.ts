import type { SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, test } from 'vitest';
import { smtpMail } from '../../lambdas/mail/smtp.ts';
import { MailRefused } from '../../lambdas/platform/mail-refused.ts';
import { elsewhere, HOST, mailServer, SECRET } from '../sandbox/mail/mail-server.ts';
import { selfSigned } from '../sandbox/vendor-apis/microsoft-365/certificate.ts';
import { mailContract } from './contract.ts';
import { sampleMessage } from './sample-message.ts';
import { mailSession } from './session.ts';

mailContract('SMTP', async () => {
  const server = await mailServer();
  return {
    ...server,
    open: async () => smtpMail(SECRET, mailSession(), server.connect),
    canaries: [SECRET.password, SECRET.username, `\0${SECRET.username}\0${SECRET.password}`],
  };
});

const servers: Awaited<ReturnType<typeof mailServer>>[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.end()));
});
async function at(options: SMTPServerOptions = {}, secret: object = {}) {
  const server = await mailServer(options);
  servers.push(server);
  const route = smtpMail({ ...SECRET, ...secret }, mailSession(), server.connect);
  return { server, route };
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
