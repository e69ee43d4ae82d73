import { messageOf, ReportError } from '../report/errors.ts';
import { AnswerTooLarge } from './answer-too-large.ts';
import type { ApiDeclaration } from './api-declaration.ts';
import type { Auth } from './auth.ts';
import { type Call, encode } from './call.ts';
import { unsendable } from './header-fields.ts';
import { PrivateAddress } from './private-network.ts';
import type { Session } from './session.ts';
import type { WireRequest, WireResponse } from './transport.ts';
import { USER_AGENT } from './user-agent.ts';

/**
 * Why a signal is aborted. One for all requests: the stack trace of a new error takes longer than the rest of
 * `sendOnce`.
 */
const OVER = new Error('the attempt is over');

/** The result of one attempt: an answer of any status, or the fault that prevented one. */
export type Attempted = { answer: WireResponse } | { fault: string };

const TIMEOUT_SECONDS = 60;

/** Faults of the connection that repeating cannot fix. */
const CERTIFICATE_FAULT = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|ALTNAME|EPROTO/u;

/**
 * The request as it is sent. It is signed last, so that a signature's date is fresh.
 * Errors: `ConfigurationError` for credentials that no header can carry.
 */
export function prepare(
  method: WireRequest['method'],
  url: URL,
  call: Call,
  auth: Auth,
  declaration: ApiDeclaration,
  now: number,
): WireRequest {
  const { body, type } = encode(call.fresh?.(now) ?? call);
  const headers = {
    accept: 'application/json',
    'user-agent': USER_AGENT,
    ...(type === undefined ? {} : { 'content-type': type }),
    ...declaration.headers,
    ...call.headers,
    ...auth.sign({ method, url, body: body ?? '', now }),
  };
  const header = unsendable(headers);
  if (header !== undefined) {
    throw new ReportError(
      'ConfigurationError',
      `${declaration.name}: the credentials hold a character that no HTTP header can carry (header ${header}), ` +
        'such as a line break or a typographic quotation mark; copy them again from the vendor',
      { wide: true },
    );
  }
  return {
    method,
    url,
    headers,
    ...(body === undefined ? {} : { body }),
    ...(declaration.publicOnly === true ? { publicOnly: true } : {}),
    ...(call.mayPack === true ? { mayPack: true } : {}),
  };
}

/**
 * Sends once and waits for the whole answer, at most `timeoutSeconds` and never past the end of the session's lifetime.
 */
export async function sendOnce(
  wire: WireRequest,
  session: Session,
  where: string,
  timeoutSeconds = TIMEOUT_SECONDS,
): Promise<Attempted> {
  session.requests += 1;
  const patience = Math.min(timeoutSeconds * 1000, session.deadline - session.clock.now());
  const abort = new AbortController();
  const silence = new Promise<Attempted>((resolve) => {
    const stop = session.clock.timer(patience, () =>
      resolve({ fault: `no complete answer within ${Math.ceil(patience / 1000)} s` }),
    );
    abort.signal.addEventListener('abort', stop);
  });
  const answered = session.transport(wire, abort.signal).then(
    (answer): Attempted => ({ answer }),
    (error: unknown): Attempted => faultOf(error, where),
  );
  try {
    return await Promise.race([answered, silence]);
  } finally {
    abort.abort(OVER);
  }
}

/**
 * What a rejected transport means: most faults are worth another attempt, a bad certificate or an oversized answer is
 * not.
 */
function faultOf(error: unknown, where: string): Attempted {
  if (error instanceof AnswerTooLarge) throw new ReportError('VendorContractError', `${where}: ${error.message}`);
  if (error instanceof PrivateAddress) {
    throw new ReportError(
      'ConfigurationError',
      `${where}: ${error.message}; if that is intended, set allowPrivateNetwork in the configuration of the integration`,
      { wide: true },
    );
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const message = messageOf(error);
  if (CERTIFICATE_FAULT.test(code)) {
    throw new ReportError(
      'VendorUnavailableError',
      `${where}: the server's certificate is not trusted (${code}); install the full chain on that server`,
    );
  }
  return { fault: `no answer (${code === '' ? message : code})` };
}
