import { Readable } from 'node:stream';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import * as z from 'zod/mini';
import { MailRefused } from '../platform/mail-refused.ts';
import { ReportError } from '../report/errors.ts';
import type { Connect } from '../wire/connect.ts';
import type { Session } from '../wire/session.ts';
import { readSettings } from '../wire/settings.ts';
import type { MailRoute, Message } from './route.ts';
import { faultInWords } from './smtp-fault.ts';

/**
 * Most servers accept 20 MB or more after Base64; because files above 7 MB are compressed, that much is hardly needed.
 */
const LARGEST_FILES_BYTES = 7_000_000;

/** TLS from the first byte (RFC 8314); on any other port the server must offer STARTTLS. */
const IMPLICIT_TLS_PORT = 465;

const CONNECT_MILLISECONDS = 20_000;
/** For one step of the dialog. A server that sends a byte now and then is never silent. */
const STEP_MILLISECONDS = 120_000;
/** For the message and its answer: a line can be slow, and a server scans for viruses. */
const MESSAGE_MILLISECONDS = 600_000;
/** For the farewell, which nothing depends on. */
const QUIT_MILLISECONDS = 5_000;

/** The form of Secrets Manager saves a number as a text. */
const port = z.pipe(
  z.union([z.number(), z.string().check(z.regex(/^\d{1,5}$/u, 'expected a port such as 587 or 465'))]),
  z.pipe(z.transform(Number), z.int('expected a port such as 587 or 465').check(z.gte(1), z.lte(65_535))),
);

const text = z.string().check(z.minLength(1));

export const SMTP = {
  id: 'smtp' as const,
  name: 'SMTP',
  secret: z.strictObject({ host: text, port, username: text, password: text }),
  configuration: z.strictObject({}),
};

/**
 * A mail server; TLS and a sign-in are required. Certainly not sent: after a refusal, or silence before the message
 * began. Errors of the settings: `ConfigurationError`.
 */
export function smtpMail(secret: unknown, session: Session, connect: Connect): MailRoute {
  const { redactor } = session;
  redactor.hide(secret);
  const { host, port, username, password } = readSettings(SMTP, { secret, configuration: {} });
  // The form in which both are sent (RFC 4616); a server may repeat it in an answer.
  redactor.hide(`\0${username}\0${password}`);
  const where = `${host}:${port}`;
  const refused = (error: unknown): MailRefused =>
    new MailRefused(`the mail was not sent: ${redactor.clean(faultInWords(error, where))}`);
  const signedIn = (): Promise<SMTPConnection> =>
    signIn({ host, port, username, password }, session, connect).catch((error: unknown) => {
      throw refused(error);
    });

  return {
    name: `SMTP (${where})`,
    capacity: { asTheyAre: LARGEST_FILES_BYTES, compressed: LARGEST_FILES_BYTES },
    async send(message) {
      const refusedRecipients = await deliver(await signedIn(), session, message, (error, begun) => {
        const answered = error instanceof Error && 'responseCode' in error && Number(error.responseCode) >= 400;
        if (answered || !begun) return refused(error);
        const sentence = `${where} did not confirm the message: ${faultInWords(error, where)}`;
        return new ReportError('DeliveryError', redactor.clean(sentence));
      });
      const { messageId } = message;
      return { messageId, ...(refusedRecipients.length === 0 ? {} : { refusedRecipients }) };
    },
    async check() {
      quit(await signedIn(), session);
      return `${where} accepts the credentials, over TLS`;
    },
  };
}

type Login = { host: string; port: number; username: string; password: string };

/** A connection that is signed in. */
async function signIn(
  { host, port, username, password }: Login,
  session: Session,
  connect: Connect,
): Promise<SMTPConnection> {
  const socket = await connect(host, port, Math.min(CONNECT_MILLISECONDS, timeLeft(session)));
  // Few runs send this way.
  const { default: Connection } = await import('nodemailer/lib/smtp-connection');
  const connection = new Connection({
    connection: socket,
    host,
    port,
    secure: port === IMPLICIT_TLS_PORT,
    requireTLS: true,
    socketTimeout: Math.min(STEP_MILLISECONDS, timeLeft(session)),
    tls: { servername: host, minVersion: 'TLSv1.2' },
  });
  const dialog = { connection, session, milliseconds: STEP_MILLISECONDS };
  await step<void>(dialog, (resolve, reject) => connection.connect((error) => (error ? reject(error) : resolve())));
  // Required even if the server offers no sign-in: the mail must be sent by a known account.
  await step<void>(dialog, (resolve, reject) =>
    connection.login({ credentials: { user: username, pass: password } }, (error) =>
      error ? reject(error) : resolve(),
    ),
  );
  return connection;
}

const timeLeft = ({ deadline, clock }: Session): number => Math.max(1, deadline - clock.now());

/**
 * Sends over a connection that is signed in, and ends it; returns the recipients that the server refuses. Errors: as of
 * `undelivered`.
 */
async function deliver(
  connection: SMTPConnection,
  session: Session,
  { raw, from, recipients }: Pick<Message, 'raw' | 'from' | 'recipients'>,
  undelivered: (error: unknown, begun: boolean) => Error,
): Promise<string[]> {
  let begun = false;
  // Called only after the server has asked for the message.
  const body = Readable.from(
    (function* () {
      begun = true;
      yield raw;
    })(),
  );
  try {
    const envelope = { from, to: [...recipients], size: raw.byteLength };
    const dialog = { connection, session, milliseconds: MESSAGE_MILLISECONDS };
    const { rejected } = await step<SMTPConnection.SentMessageInfo>(dialog, (resolve, reject) =>
      connection.send(envelope, body, (error, info) => (error ? reject(error) : resolve(info))),
    );
    quit(connection, session);
    return rejected.map(String);
  } catch (error) {
    throw undelivered(error, begun);
  }
}

/** Takes leave of the server, which has done all that it was asked for. */
function quit(connection: SMTPConnection, { clock }: Session): void {
  connection.once(
    'end',
    clock.timer(QUIT_MILLISECONDS, () => connection.close()),
  );
  connection.quit();
}

/** A connection, and how long one step over it may take. */
type Dialog = { connection: SMTPConnection; session: Session; milliseconds: number };

/** One step of the dialog; a fault, a broken connection or the end of its time ends the connection too. */
async function step<T>(
  { connection, session, milliseconds }: Dialog,
  act: (resolve: (value: T) => void, reject: (error: unknown) => void) => void,
): Promise<T> {
  const patience = Math.min(milliseconds, timeLeft(session));
  let stop = () => {};
  try {
    return await new Promise<T>((resolve, reject) => {
      stop = session.clock.timer(patience, () =>
        reject(new Error(`no complete answer within ${Math.ceil(patience / 1000)} s`)),
      );
      connection.once('error', reject);
      connection.once('end', () => reject(new Error('the server closed the connection')));
      act(resolve, reject);
    });
  } catch (error) {
    connection.close();
    throw error;
  } finally {
    stop();
  }
}
