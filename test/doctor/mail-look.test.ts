import { afterEach, describe, expect, it } from 'vitest';
import type { MailCheck } from '../../lambdas/doctor/check.ts';
import { lookAtMail } from '../../lambdas/doctor/mail-look.ts';
import send from '../../lambdas/steps/send-email-with-attachment.ts';
import { graphMail } from '../sandbox/mail/graph-mail.ts';
import { holding, mailServer, SECRET } from '../sandbox/mail/mail-server.ts';
import { inProcess } from '../sandbox/transport.ts';
import { START, stage } from '../steps/stage.ts';
import { virtualClock } from '../virtual-clock.ts';

const FROM = 'reports@northwind.example';

const checkOf = (service: MailCheck['service'], from = FROM): MailCheck => ({
  service,
  email: { from, recipients: ['billing@northwind.example'] },
  microsoft365: { configuration: {}, misplaced: [] },
});

const linesOf = ({ findings }: Awaited<ReturnType<typeof lookAtMail>>): string[] =>
  findings.map(({ verdict, subject, sentence }) => `${verdict} ${subject}: ${sentence}`);

describe('a mail server', () => {
  const servers: Awaited<ReturnType<typeof mailServer>>[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.end()));
  });

  async function look(secret: object | undefined) {
    const server = await mailServer();
    servers.push(server);
    const clock = virtualClock(START);
    const { platform, configure } = await stage({ clock, connect: holding(clock, server.connect) });
    if (secret !== undefined) configure('secrets/smtp.json', secret);
    // In the way that the function of the mail is asked.
    const check = checkOf('smtp');
    const invocation = { deadline: platform.clock.now() + 60_000 };
    expect(await send({ check }, platform, invocation)).toEqual(await lookAtMail(check, platform, invocation));
    const lines = linesOf(await lookAtMail(check, platform, invocation));
    expect(server.taken()).toEqual([]);
    return lines;
  }

  it('accepts the sign-in, over TLS, and no mail is sent', async () => {
    expect(await look(SECRET)).toEqual([`ok e-mail (SMTP): ${SECRET.host}:587 accepts the credentials, over TLS`]);
  });

  it('refuses the sign-in, which is reported without the password', async () => {
    const lines = await look({ ...SECRET, password: 'Kx-93-not-it' });
    expect(lines).toEqual([
      expect.stringMatching(/^FAIL e-mail \(SMTP\): \S+ refused the username or the password of secrets\/smtp\.json/u),
    ]);
    expect(lines.join()).not.toContain('Kx-93');
  });

  it('cannot be reached', async () => {
    expect(await look({ ...SECRET, host: 'other.example' })).toEqual([
      expect.stringMatching(/^FAIL .*no answer from other\.example:587/u),
    ]);
  });

  it('has no secret, or half of one', async () => {
    expect(await look(undefined)).toEqual([expect.stringMatching(/^FAIL .*secrets\/smtp\.json is missing/u)]);
    const { password: _, ...half } = SECRET;
    expect(await look(half)).toEqual([expect.stringMatching(/^FAIL .*secrets\/smtp\.json: password/u)]);
  });
});

describe('Microsoft 365', () => {
  async function look(rights: string[], from = FROM) {
    const server = graphMail(FROM, rights);
    const { platform, configure } = await stage({ transport: inProcess([server]) });
    configure('secrets/microsoft-365.json', server.secret);
    const check = checkOf('microsoft-365', from);
    const lines = linesOf(await lookAtMail(check, platform, { deadline: platform.clock.now() + 60_000 }));
    expect(server.taken).toEqual([]);
    return { lines, requests: server.requests };
  }

  it('is allowed to send, which the token and one look at the mailbox show', async () => {
    const { lines, requests } = await look(['Mail.Send']);
    expect(lines).toEqual([expect.stringMatching(/^ok e-mail \(Microsoft 365\): .*\(Mail\.Send\)$/u)]);
    expect(requests).toHaveLength(2);
  });

  it('is not allowed to send: the right is named, and where to grant it', async () => {
    const { lines } = await look(['Directory.Read.All']);
    expect(lines).toEqual([
      expect.stringMatching(/^FAIL .*add Mail\.Send in the partner tenant \(Entra admin center/u),
    ]);
  });

  it('has no such mailbox', async () => {
    const { lines } = await look(['Mail.Send', 'Mail.Read'], 'nobody@northwind.example');
    expect(lines).toEqual([expect.stringMatching(/^FAIL .*there is no mailbox nobody@northwind\.example/u)]);
  });
});
