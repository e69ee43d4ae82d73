import * as z from 'zod/mini';
import { CLOUDS, cloud, identityFault, tenantToken } from '../microsoft-entra.ts';
import { ReportError } from '../report/errors.ts';
import { Api } from '../wire/api.ts';
import type { Auth } from '../wire/auth.ts';
import { RequestPath } from '../wire/request.ts';
import type { Session } from '../wire/session.ts';
import { type Given, readSettings } from '../wire/settings.ts';
import { watchArrival } from './arrival.ts';
import { explained, MISSING_MAIL_SEND, sentenceOf, unknownEnd } from './microsoft-365-fault.ts';
import { uploadFiles } from './microsoft-365-upload.ts';
import type { MailRoute, Message } from './route.ts';

/** A request can hold 4 MB, and the message is sent in Base64. */
const LARGEST_MESSAGE_BYTES = 3_000_000;
/**
 * Bytes of files that fit into such a message with its text. More needs a draft, and another right (`Mail.ReadWrite`).
 */
const LARGEST_FILES_BYTES = 2_000_000;
/** Exchange accepts 35 MB in all, after Base64. */
const LARGEST_UPLOAD_BYTES = 24_000_000;

const guid = z.guid('expected a guid (8-4-4-4-12 hexadecimal digits)');

/** The part of the integration's secret and settings that mail needs; its collector checks the rest. */
export const MICROSOFT_365 = {
  id: 'microsoft-365' as const,
  name: 'Microsoft 365',
  secret: z.object({
    partnerTenantId: guid,
    clientId: guid,
    clientSecret: z.optional(z.string()),
    certificatePem: z.optional(z.string()),
    privateKeyPem: z.optional(z.string()),
  }),
  configuration: z.object({ cloud: z._default(cloud, 'global') }),
};

const Draft = z.object({ id: z.string().check(z.minLength(1)) });
const Listed = z.object({ value: z.array(z.unknown()) });
const Claims = z.object({ roles: z.optional(z.array(z.string())) });

/**
 * Graph, as the app in the partner's own tenant. The message goes in its MIME form: the bytes that `email.eml` would
 * hold, with the plain text and the Message-ID, which the JSON form does not carry.
 * Errors of the settings: `ConfigurationError`.
 */
export function microsoft365Mail(settings: Given, from: string, session: Session): MailRoute {
  const { redactor } = session;
  redactor.hide(settings.secret);
  const { login, graph, auth, cloud } = appOf(settings);
  const watched = watchArrival(session.transport, graph);
  const api = mailbox(from, [graph, login], auth, { ...session, transport: watched.transport });
  // No upload sessions are documented for the other clouds.
  const uploads = cloud === 'global';

  /** The one call that sends; `path` says what. */
  async function act(path: string, message?: Uint8Array): Promise<void> {
    const body = message === undefined ? {} : mime(message);
    let answer: Awaited<ReturnType<Api['send']>>;
    try {
      answer = await api.send('POST', path, body);
    } catch (error) {
      throw explained(error, from, 'Mail.Send', watched.mayHaveArrived(), redactor);
    }
    if (answer.status !== 202) throw unknownEnd(`answered HTTP ${answer.status} instead of 202`);
  }

  async function draftOf(message: Message): Promise<string> {
    try {
      const call = { ...mime(await message.withoutFiles()), schema: Draft };
      const { id } = await api.post('messages', call);
      const draft = `messages/${encodeURIComponent(id)}`;
      await uploadFiles(api, draft, message.files, redactor);
      return draft;
    } catch (error) {
      // A draft is not a sent mail, so nothing went out.
      throw explained(error, from, 'Mail.ReadWrite', false, redactor);
    }
  }

  return {
    name: 'Microsoft 365',
    capacity: {
      asTheyAre: LARGEST_FILES_BYTES,
      compressed: uploads ? LARGEST_UPLOAD_BYTES : LARGEST_FILES_BYTES,
    },
    async send(message) {
      if (message.raw.byteLength <= LARGEST_MESSAGE_BYTES) await act('sendMail', message.raw);
      else await act(`${await draftOf(message)}/send`);
      return { messageId: message.messageId };
    },
    find: async ({ messageId }) => ((await isSent(api, messageId)) ? { messageId } : undefined),
    check: () =>
      checkRights(api, auth, from).catch((error: unknown) => {
        throw new ReportError('ConfigurationError', redactor.clean(sentenceOf(error, from, 'Mail.Send')));
      }),
  };
}

/** The app that signs in, and where. Errors: `ConfigurationError` for settings that are not those of an app. */
function appOf(settings: Given) {
  const { partnerTenantId, cloud, ...identity } = readSettings(MICROSOFT_365, settings);
  const fault = identityFault(identity);
  if (fault !== undefined) throw new ReportError('ConfigurationError', `secrets/microsoft-365.json: ${fault}`);
  const { login, graph } = CLOUDS[cloud];
  const auth = tenantToken({
    url: `https://${login}/${partnerTenantId}/oauth2/v2.0/token`,
    graph: `https://${graph}`,
    identity,
    onRefreshToken: async () => {},
  });
  return { login, graph, auth, cloud };
}

/** Needs a right to read mail, which sending does not need, so a refusal proves nothing. */
async function isSent(api: Api, messageId: string): Promise<boolean> {
  const path = 'mailFolders/sentitems/messages';
  const query = { $filter: `internetMessageId eq '${messageId}'`, $select: 'id', $top: 1 };
  const answer = await api.send('GET', path, { query, accept: [403, 404] });
  return answer.status === 200 && api.parse(answer, Listed, 'GET', path).value.length > 0;
}

/** The sender's mailbox in Graph. */
const mailbox = (from: string, [graph, login]: readonly [string, string], auth: Auth, session: Session): Api =>
  new Api(
    new RequestPath(
      {
        name: 'Microsoft 365',
        base: `https://${graph}/v1.0/users/${encodeURIComponent(from)}`,
        hosts: [login, 'outlook.office.com'],
        auth,
        limit: { concurrency: 1 },
      },
      session,
    ),
  );

/**
 * What is known about the app's rights, in a sentence. Errors: for a missing right or mailbox; those of the request
 * path.
 */
async function checkRights(api: Api, auth: Auth, from: string): Promise<string> {
  const query = { $select: 'id' };
  const answer = await api.send('GET', 'mailFolders/sentitems', { query, accept: [403, 404] });
  const roles = rolesIn(auth.sign({ method: 'GET', url: new URL('https://graph.invalid'), body: '', now: 0 }));
  if (roles?.includes('Mail.Send') === false) throw new ReportError('VendorAuthError', MISSING_MAIL_SEND);
  if (answer.status === 404) throw new ReportError('ConfigurationError', `there is no mailbox ${from}`);
  return roles === undefined
    ? 'Microsoft 365 accepts the credentials; whether they may send mail shows only with the first one'
    : `Microsoft 365 accepts the credentials, and the app may send mail (Mail.Send)`;
}

const mime = (message: Uint8Array) => ({
  bytes: Buffer.from(Buffer.from(message).toString('base64')),
  headers: { 'content-type': 'text/plain' },
});

/**
 * The application rights that the token names; undefined if the token cannot be read: Microsoft does not promise its
 * format.
 */
function rolesIn({ authorization = '' }: Record<string, string>): string[] | undefined {
  const [, payload] = /^Bearer [\w-]+\.([\w-]+)\.[\w-]*$/u.exec(authorization) ?? [];
  if (payload === undefined) return undefined;
  try {
    return z.parse(Claims, JSON.parse(Buffer.from(payload, 'base64url').toString())).roles ?? [];
  } catch {
    return undefined;
  }
}
