import { createCipheriv } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { simpleParser } from 'mailparser';
import { describe, expect, test } from 'vitest';
import { directoryMail } from '../../lambdas/platform/directory.ts';
import { MailRefused } from '../../lambdas/platform/mail-refused.ts';
import type { Letter, Mail } from '../../lambdas/platform/platform.ts';
import { ReportError } from '../../lambdas/report/errors.ts';
import { mailMessage } from '../../lambdas/run/mail-message.ts';
import { readReport } from '../../lambdas/run/report-file.ts';
import sendEmailWithAttachment from '../../lambdas/steps/send-email-with-attachment.ts';
import { briefOf } from '../../lambdas/views/brief.ts';
import { graphMail } from '../sandbox/mail/graph-mail.ts';
import { inProcess } from '../sandbox/transport.ts';
import { type Made, madeReport } from './made-report.ts';
import { REPORT_JSON } from './stage.ts';

const RECIPIENTS = ['billing@northwind.example', 'owner@northwind.example'];

/** A mail service that keeps what it sends; `fault` is thrown instead while there is one. */
function post() {
  const letters: Letter[] = [];
  const box: { fault: Error | undefined } = { fault: undefined };
  const mail: Mail = {
    async send(letter) {
      if (box.fault !== undefined) throw box.fault;
      letters.push(letter);
      return { messageId: `m-${letters.length}` };
    },
  };
  return { letters, box, mail };
}

async function ready(email: object = {}, mail = post()) {
  const report = {
    ...REPORT_JSON,
    delivery: { mechanism: 'email', email: { ...REPORT_JSON.delivery.email, ...email } },
  };
  const made = await madeReport({ mechanism: 'email' }, report, { mail: mail.mail });
  return { made, ...mail };
}

const send = ({ scene, run, report, files }: Made) => scene.play(sendEmailWithAttachment, { run, report, files });
const lettersOf = async ([letter]: Letter[]) => simpleParser(Buffer.from(letter?.raw ?? []));

describe('the mail', () => {
  test('goes to everyone, lists what is missing, and has the files byte for byte', async () => {
    const { made, letters } = await ready({ replyTo: 'service@northwind.example', configurationSet: 'reports' });
    expect(await send(made)).toEqual({
      mechanism: 'email',
      status: 'delivered',
      recipients: RECIPIENTS,
      messageId: 'm-1',
      via: 'ses',
      remark: null,
      refusedRecipients: [],
    });
    expect(letters[0]).toMatchObject({
      from: 'reports@northwind.example',
      recipients: RECIPIENTS,
      configurationSet: 'reports',
    });
    const mail = await lettersOf(letters);
    expect(mail.subject).toBe('Billing Reconciliation - November 2026');
    expect(mail.replyTo?.text).toBe('service@northwind.example');
    expect(mail.date).toEqual(new Date(made.run.asOf));
    expect(mail.headers.get('to')).toMatchObject({ text: RECIPIENTS.join(', ') });
    for (const body of [mail.text, mail.html || '']) {
      expect(body).toContain('bad token');
      expect(body).toContain('Nobody Knows');
    }
    const attached = new Map(mail.attachments.map(({ filename, content }) => [filename, content.toString('utf8')]));
    expect([...attached.keys()]).toEqual(['report.csv', 'unmapped.csv']);
    expect(attached.get('report.csv')).toBe(await made.scene.text(made.files.csv));
  });

  test('has names in any language in ASCII headers', async () => {
    const { made, letters } = await ready({
      fromName: 'Räpörts, "Nordwind" 🧾',
      subject: 'Abgleich für Zoë & Söhne 🧾'.repeat(3),
    });
    await send(made);
    const raw = Buffer.from(letters[0]?.raw ?? []).toString('latin1');
    const head = raw.slice(0, raw.indexOf('\r\n\r\n'));
    expect(head).toMatch(/^[\x20-\x7e\r\n\t]*$/u);
    expect(head.split('\r\n').every((line) => line.length <= 78)).toBe(true);
    const mail = await lettersOf(letters);
    expect(mail.subject).toBe(`${'Abgleich für Zoë & Söhne 🧾'.repeat(3)} - November 2026`);
    expect(mail.from?.value).toEqual([{ name: 'Räpörts, "Nordwind" 🧾', address: 'reports@northwind.example' }]);
    // The envelope takes the bare address.
    expect(letters[0]?.from).toBe('reports@northwind.example');
  });

  test('has file names in any language', async () => {
    const made = await madeReport();
    const report = await readReport(made.scene.platform.objects, made.run.runId);
    if (report === undefined) throw new Error('no report was made');
    const file = { bytes: Buffer.from('a'), contentType: 'text/csv', location: 'x' };
    const names = ['Bericht für März 🧾.csv', 'a "b"; c.csv'];
    const email = { from: 'a@b.example', recipients: ['c@d.example'] };
    const { raw } = await mailMessage(
      report,
      names.map((name) => ({ ...file, name })),
      briefOf({ report }),
      email,
      { asTheyAre: 100, compressed: 100 },
    );
    const { attachments } = await simpleParser(Buffer.from(raw));
    // Without blanks: a header is folded there, and some readers would see a line break in the name.
    expect(attachments.map(({ filename }) => filename)).toEqual(['Bericht-für-März-🧾.csv', 'a-"b";-c.csv']);
  });

  test('to recipients in one text, separated by comma or semicolon, goes to each once', async () => {
    const { made, letters } = await ready({ recipients: 'a@b.example; c@d.example,e@f.example , a@b.example;' });
    await send(made);
    expect(letters[0]?.recipients).toEqual(['a@b.example', 'c@d.example', 'e@f.example']);
  });

  test('has lines that every mail server accepts, and no bare line endings', async () => {
    const { made, letters } = await ready();
    await send(made);
    const raw = Buffer.from(letters[0]?.raw ?? []).toString('latin1');
    expect(raw.split('\r\n').every((line) => line.length <= 998)).toBe(true);
    expect(raw.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/u);
  });

  test('of equal reports is equal byte for byte', async () => {
    const [first, second] = [await ready(), await ready()];
    await send(first.made);
    await send(second.made);
    expect(Buffer.from(second.letters[0]?.raw ?? [])).toEqual(Buffer.from(first.letters[0]?.raw ?? []));
  });

  test('has large files compressed, or the location of those too large for that', async () => {
    const compressed = await ready();
    const line = `"Contoso",${'1'.repeat(100)}\r\n`;
    await compressed.made.scene.platform.objects.write('runs/r1/report.csv', line.repeat(80_000), 'text/csv');
    await send(compressed.made);
    const [report] = (await lettersOf(compressed.letters)).attachments;
    expect(report?.filename).toBe('report.csv.gz');
    expect(gunzipSync(report?.content ?? Buffer.alloc(0)).toString()).toBe(line.repeat(80_000));

    const enormous = await ready();
    const noise = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16)).update(Buffer.alloc(7_200_000));
    await enormous.made.scene.platform.objects.write('runs/r1/report.csv', noise, 'text/csv');
    await send(enormous.made);
    const mail = await lettersOf(enormous.letters);
    expect(mail.attachments).toEqual([]);
    expect(mail.text).toContain(enormous.made.scene.platform.objects.locate('runs/r1/report.csv'));
  });

  test('without a sender and recipients is a configuration error', async () => {
    const { delivery, ...rest } = REPORT_JSON;
    const made = await madeReport({}, { ...rest, delivery: { mechanism: delivery.mechanism } });
    await expect(send(made)).rejects.toThrow(/delivery\.email: expected from and recipients/u);
  });

  test('is a file on a machine without SES', async () => {
    const made = await madeReport({ mechanism: 'email' });
    expect(await send(made)).toMatchObject({ status: 'delivered', messageId: expect.stringMatching(/^file-/u) });
    expect(await made.scene.text('runs/r1/email.eml')).toContain('Billing Reconciliation - November 2026');
  });
});

test('a mail that only becomes a file is written again after an attempt whose end nobody saw', async () => {
  const { made } = await ready();
  made.scene.platform.mail = directoryMail(made.scene.platform.objects);
  await made.scene.platform.objects.write('runs/r1/delivery/email.json', '{"claimed":"…"}', 'application/json');
  expect(await send(made)).toMatchObject({ status: 'delivered' });
});

describe('at most one mail goes out', () => {
  test('a repeated run finds the record and sends nothing', async () => {
    const { made, letters } = await ready();
    const first = await send(made);
    expect(await send(made)).toEqual(first);
    expect(letters).toHaveLength(1);
  });

  test('of two at once one sends; the other reports that it does not know', async () => {
    const { made, letters } = await ready();
    const outcomes = await Promise.allSettled([send(made), send(made)]);
    expect(letters).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ name: 'DeliveryError' });
    }
    expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true);
  });

  test('after a refusal it can be sent again', async () => {
    const { made, letters, box } = await ready();
    box.fault = new MailRefused('the mail was not sent: the sender is not verified');
    await expect(send(made)).rejects.toThrow('the sender is not verified');
    box.fault = undefined;
    await send(made);
    expect(letters).toHaveLength(1);
  });

  test('after a refusal whose marker could not be removed, the reason is reported with what to remove', async () => {
    const { made, box } = await ready();
    box.fault = new MailRefused('the mail was not sent: the sender is not verified');
    made.scene.platform.objects.remove = () => Promise.reject(new Error('AccessDenied'));
    await expect(send(made)).rejects.toThrow(/the sender is not verified\. Then delete .*delivery\/email\.json/u);
  });

  test('a mail that went out is delivered, even if that cannot be recorded; a repeated run sends no second one', async () => {
    const { made, letters } = await ready();
    const { objects } = made.scene.platform;
    const { write } = objects;
    objects.write = (key, ...rest) =>
      key.endsWith('delivery/email.json') ? Promise.reject(new Error('SlowDown')) : write(key, ...rest);
    expect(await send(made)).toMatchObject({ status: 'delivered', messageId: 'm-1' });
    await expect(send(made)).rejects.toThrow(/not known whether the mail went out/u);
    expect(letters).toHaveLength(1);
  });

  test('killed between marker and mail, the retried state sends nothing and reports that it does not know', async () => {
    const { made, letters } = await ready();
    await made.scene.platform.objects.write('runs/r1/delivery/email.json', '{"claimed":"…"}', 'application/json');
    await expect(send(made)).rejects.toThrow(/started to send it and left no result/u);
    expect(letters).toHaveLength(0);
  });

  test('after an unknown end it is not sent again until a person decides', async () => {
    const { made, letters, box } = await ready();
    box.fault = new ReportError('DeliveryError', 'SES gave no clear answer');
    const unknown = /not known whether the mail went out.*delete .*delivery\/email\.json and run again/u;
    await expect(send(made)).rejects.toThrow(unknown);
    box.fault = undefined;
    await expect(send(made)).rejects.toThrow(unknown);
    expect(letters).toHaveLength(0);
    await made.scene.platform.objects.remove('runs/r1/delivery/email.json');
    await send(made);
    expect(letters).toHaveLength(1);
  });
});

describe('the way that report.json chooses', () => {
  const graph = () => graphMail('reports@northwind.example');
  const unreachable = () => Promise.reject(new Error('no mail server in this test'));

  async function chosen(email: object, server = graph(), integrations: object = {}) {
    const report = {
      ...REPORT_JSON,
      integrations: { acme: {}, ...integrations },
      delivery: { mechanism: 'email', email: { ...REPORT_JSON.delivery.email, ...email } },
    };
    const made = await madeReport({ mechanism: 'email' }, report, { connect: unreachable });
    // Acme has been read by now; what follows is mail.
    made.scene.platform.transport = inProcess([server]);
    return { made, server };
  }

  test('Microsoft 365 sends from a laptop, with the credentials of the integration', async () => {
    const { made, server } = await chosen({ via: 'microsoft-365' });
    made.scene.configure('secrets/microsoft-365.json', { ...server.secret, refreshToken: 'of the collector' });
    expect(await send(made)).toMatchObject({ status: 'delivered', via: 'microsoft-365', recipients: RECIPIENTS });
    expect(server.taken).toHaveLength(1);
    expect(await made.scene.platform.objects.read('runs/r1/email.eml')).toBeUndefined();
    expect(await send(made)).toMatchObject({ via: 'microsoft-365' });
    expect(server.taken).toHaveLength(1);
  });

  test('an unreachable mail server leaves the mail to the fallback, and both are reported', async () => {
    const { made, server } = await chosen({ via: 'smtp', fallback: 'microsoft-365' });
    made.scene.configure('secrets/microsoft-365.json', server.secret);
    made.scene.configure('secrets/smtp.json', { host: 'mail.example', port: 587, username: 'u', password: 'password' });
    expect(await send(made)).toMatchObject({
      via: 'microsoft-365',
      remark: expect.stringContaining('no answer from mail.example:587'),
    });
    expect(server.taken).toHaveLength(1);
  });

  test('if both refuse, both reasons are reported, and the same run id sends it later', async () => {
    const { made, server } = await chosen({ via: 'smtp', fallback: 'microsoft-365' });
    made.scene.configure('secrets/microsoft-365.json', server.secret);
    server.rights.clear();
    const error = await send(made).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: 'DeliveryError',
      message: expect.stringMatching(/secrets\/smtp\.json is missing.*; then: .*add Mail\.Send/u),
    });
    server.rights.add('Mail.Send');
    expect(await send(made)).toMatchObject({ via: 'microsoft-365' });
  });

  test('without its secret nothing is sent, and the file is named', async () => {
    const { made } = await chosen({ via: 'smtp' });
    await expect(send(made)).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringMatching(/secrets\/smtp\.json is missing.*host, port, username, password/u),
    });
  });

  test('SES on a laptop is a file, but not as a fallback: a file would look like a sent mail', async () => {
    const { made } = await chosen({ via: 'ses' });
    expect(await send(made)).toMatchObject({ via: null });
    expect(await made.scene.text('runs/r1/email.eml')).toContain('Billing Reconciliation');
    const second = await chosen({ via: 'smtp', fallback: 'ses' });
    await expect(send(second.made)).rejects.toThrow(/secrets\/smtp\.json is missing/u);
  });
});
