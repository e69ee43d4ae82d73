import * as z from 'zod/mini';
import { isReportError, ReportError } from '../../report/errors.ts';
import type { Api } from '../../wire/api.ts';
import type { Classify } from '../../wire/classify.ts';
import { isBadRequest } from '../../wire/excerpt.ts';
import { filled, maybe } from '../../wire/forms.ts';
import type { Session } from '../../wire/session.ts';
import { isSet } from '../delivery/lookup.ts';
import { FAULTS, refusedTicket, wordsOf as wordsOfAnswer } from '../delivery/refused.ts';

export const name = 'SuperOps';

/** Nineteen digits: too many for a JavaScript number. */
export const id = z.pipe(z.union([filled, z.int()]), z.transform(String));

/** SuperOps sends no Retry-After; its limit is in requests per minute. */
const LIMITED_SECONDS = 30;

const ClientError = z.object({
  code: maybe(z.string()),
  param: maybe(z.looseObject({ attributes: maybe(z.array(z.unknown())) })),
});
const Fault = z.object({
  message: maybe(z.string()),
  extensions: maybe(z.object({ clientError: maybe(z.array(ClientError)) })),
});
const Faulty = z.object({ errors: maybe(z.array(Fault)) });

/**
 * "mandatory_validation_failed (requestType)": the message is often null, code and attributes say what is wrong. Throws
 * if there are no errors.
 */
export function wordsOf(body: unknown): string {
  const read = z.safeParse(Faulty, body);
  if (!read.success) return JSON.stringify(body);
  if (!isSet(read.data.errors)) throw new Error('the answer holds no errors');
  const faults = read.data.errors.map(({ message, extensions }) =>
    [
      ...(typeof message === 'string' && message !== '' ? [message] : []),
      ...(extensions?.clientError ?? []).map(({ code, param }) => {
        const attributes = (param?.attributes ?? []).join(', ');
        return attributes === '' ? (code ?? '') : `${code ?? ''} (${attributes})`;
      }),
    ].join(': '),
  );
  return faults.filter((text) => text !== '').join('; ') || 'an error without a reason';
}

/** The codes inside an answer of HTTP 200; none if it has no errors. */
function codesOf(body: Uint8Array): string[] {
  const text = Buffer.from(body).toString('utf8');
  if (!text.includes('"clientError"')) return [];
  try {
    const answer = z.safeParse(Faulty, JSON.parse(text));
    return (answer.data?.errors ?? []).flatMap(({ extensions }) =>
      (extensions?.clientError ?? []).map(({ code }) => code ?? ''),
    );
  } catch {
    return [];
  }
}

/** Every answer but a bad token or subdomain is HTTP 200, a limit and a missing right too. */
export const classifyFaults: Classify = ({ status, body }) => {
  if (status !== 200) return undefined;
  const codes = codesOf(body);
  if (codes.includes('rate_limit_exceeded')) return { verdict: 'limited', after: LIMITED_SECONDS };
  if (codes.some((code) => code === 'forbidden' || code.startsWith('subscription_'))) return { verdict: 'forbidden' };
  return undefined;
};

/** The GraphQL API of one product, at one address. */
export function graphql(api: Api, product: 'msp' | 'it', session: Pick<Session, 'redactor'>) {
  const path = `/${product}`;
  const send = async (query: string, variables: Record<string, unknown>, reads: boolean) => {
    const accept = reads ? [] : FAULTS;
    const answer = await api.send('POST', path, {
      json: { query, variables },
      reads,
      accept,
      acceptWhere: isBadRequest,
    });
    if (answer.status !== 400) return answer;
    throw new ReportError(
      'VendorAuthError',
      `${name} answered HTTP 400, as it does where subDomain in secrets/superops.json is not its own: ${wordsOfAnswer(answer, session)}`,
      { wide: true },
    );
  };
  const isFaulty = ({ errors }: Record<string, unknown>) =>
    Array.isArray(errors) ? errors.length > 0 : errors !== undefined && errors !== null;

  return {
    isMsp: product === 'msp',
    /** Receives the receipts of the lists that were read. */
    receipts: api.evidence.lists,
    /** Reads. Errors: `VendorContractError` with SuperOps's words if the answer holds errors. */
    async query<T>(document: string, variables: Record<string, unknown>, data: z.ZodMiniType<T>): Promise<T> {
      const answer = await send(document, variables, true);
      const body = api.parse(answer, z.looseObject({}), 'POST', path);
      if (isFaulty(body)) throw new ReportError('VendorContractError', `${name} POST ${path}: ${wordsOf(body)}`);
      return api.check(z.object({ data }), body, `POST ${path}`).data;
    },
    /** Changes something. Errors: `DeliveryError` with SuperOps's words if it refuses. */
    async mutate<T>(document: string, variables: Record<string, unknown>, data: z.ZodMiniType<T>): Promise<T> {
      const answer = await send(document, variables, false);
      if (answer.status >= 500) throw refusedTicket(name, answer, session, { read: wordsOf });
      const body = api.parse(answer, z.looseObject({}), 'POST', path);
      if (isFaulty(body)) throw refusedTicket(name, answer, session, { read: wordsOf });
      return api.check(z.object({ data }), body, `POST ${path}`).data;
    },
  };
}

export type Graphql = ReturnType<typeof graphql>;

/** What `look` finds out; undefined if SuperOps refuses the query: no right to it, or no such query. */
export async function unlessRefused<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (isReportError(error, 'VendorContractError') || isReportError(error, 'VendorAuthError')) return undefined;
    throw error;
  }
}
