import { constants } from 'node:crypto';
import type { Dispatcher } from 'undici';
import request from 'undici/lib/api/api-request.js';
import Agent from 'undici/lib/dispatcher/agent.js';
import decompressing from 'undici/lib/interceptor/decompress.js';
import { type Body, readBody } from './body.ts';
import { isPrivateHost, PrivateAddress, publicLookup } from './private-network.ts';

/** One HTTP request as it leaves: complete, signed, with a body that can be sent again. */
export type WireRequest = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  url: URL;
  headers: Record<string, string>;
  body?: string | Uint8Array;
  /** The host was written by a person: no connection may be made to a private address. */
  publicOnly?: true;
  /** The answer may come packed if it is large and a success. */
  mayPack?: true;
};

/** One HTTP answer, read to its end. Header names are lower case. */
export type WireResponse = Body & {
  status: number;
  headers: Record<string, string>;
};

/**
 * The way to the vendor. It follows no redirect, retries nothing, keeps no state between calls and rejects when the
 * answer did not arrive whole. A local run can pass in one that leads elsewhere; collectors cannot tell.
 */
export type Transport = (wire: WireRequest, signal: AbortSignal) => Promise<WireResponse>;

/**
 * Keep-alive shorter than that of vendors' load balancers, or the first request after a pause would meet a closed
 * socket.
 */
const settings: ConstructorParameters<typeof Agent>[0] = { keepAliveTimeout: 4_000, connections: 16, allowH2: false };
/** Refusals too: their text says what is missing, or how long to wait. */
const decompress = decompressing({ skipErrorResponses: false });
const agent = new Agent(settings).compose(decompress);

/** Checks what a name resolves to at the moment of connecting, so that no later DNS answer can lead elsewhere. */
const publicAgent = new Agent({ ...settings, connect: { lookup: publicLookup } }).compose(decompress);

/**
 * Autotask's servers may do without secure renegotiation (RFC 5746), and Node's OpenSSL then ends the handshake with
 * ERR_SSL_UNSAFE_LEGACY_RENEGOTIATION_DISABLED; established clients allow it there. No other host is exempt.
 */
const WITHOUT_SECURE_RENEGOTIATION = /\.autotask\.net$/iu;
const lenientAgent = new Agent({
  ...settings,
  connect: { secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT },
}).compose(decompress);

const agentFor = ({ hostname }: URL): Dispatcher =>
  WITHOUT_SECURE_RENEGOTIATION.test(hostname) ? lenientAgent : agent;

/**
 * The transport of every Lambda: undici, straight to the host that the URL names. Only this one enforces `publicOnly`:
 * a transport that leads elsewhere on purpose never connects to the URL's host.
 */
export const directTransport: Transport = async (wire, signal) => {
  if (wire.publicOnly !== true) return send(wire.url, wire, signal, {}, agentFor(wire.url));
  // An address needs no lookup, so the agent would not see it.
  if (isPrivateHost(wire.url.hostname)) throw new PrivateAddress(wire.url.hostname);
  return send(wire.url, wire, signal, {}, publicAgent);
};

/** Sends `wire` to `url` with these extra headers; shared by the transports that differ only in where they lead. */
export async function send(
  url: URL,
  wire: WireRequest,
  signal: AbortSignal,
  extraHeaders: Record<string, string>,
  dispatcher: Dispatcher = agent,
): Promise<WireResponse> {
  const answer = await request.call(dispatcher, {
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    method: wire.method,
    headers: { 'accept-encoding': 'gzip', ...wire.headers, ...extraHeaders },
    body: wire.body ?? null,
    signal,
  });
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value !== undefined) headers[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  const status = answer.statusCode;
  let isEmpty = true;
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for await (const piece of answer.body) {
      isEmpty = false;
      yield piece;
    }
  }
  try {
    return { status, headers, ...(await readBody(pieces(), wire.mayPack === true && status < 300)) };
  } catch (error) {
    // A refusal without a body can still be labelled gzip; its status is the answer.
    if (status < 400 || !isEmpty || !isEndOfFile(error)) throw error;
    return { status, headers, body: Buffer.alloc(0) };
  }
}

const isEndOfFile = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'Z_BUF_ERROR';
