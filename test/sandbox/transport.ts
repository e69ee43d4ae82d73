import type { Transport } from '../../lambdas/wire/transport.ts';
import { answerOf, ask, serverFor } from './answer.ts';
import type { SandboxRequest, SandboxResponse, Server } from './vendor.ts';

export type InProcessOptions = {
  /** Sees every request first; what it returns is answered in the server's place. */
  before?: (request: SandboxRequest) => SandboxResponse | undefined;
  /** Called with every answer. */
  after?: (request: SandboxRequest, response: SandboxResponse) => void;
};

/** The wire without a wire: requests go straight to the server that answers for the URL's host. */
export function inProcess(servers: readonly Server[], options: InProcessOptions = {}): Transport {
  return async (wire, signal) => {
    signal.throwIfAborted();
    const { url, method } = wire;
    const host = url.hostname.toLowerCase();
    const server = serverFor(servers, host, url.pathname);
    if (server === undefined) throw fault('ENOTFOUND', `no sandbox server answers for ${host}`);
    const request: SandboxRequest = {
      method,
      host,
      path: url.pathname,
      query: new URLSearchParams(url.search),
      headers: Object.fromEntries(Object.entries(wire.headers).map(([name, value]) => [name.toLowerCase(), value])),
      body: typeof wire.body === 'string' ? Buffer.from(wire.body) : (wire.body ?? new Uint8Array()),
    };
    const response = options.before?.(request) ?? (await ask(server, request));
    options.after?.(request, response);
    if (response.fault === undefined) return answerOf(response);
    if (response.fault === 'silence') return silence(signal);
    const [code, message] = SOCKET_FAULTS[response.fault];
    throw fault(code, message);
  };
}

/** What undici reports when a server misbehaves this way. */
const SOCKET_FAULTS = {
  refuse: ['ECONNREFUSED', 'connect ECONNREFUSED'],
  dns: ['ENOTFOUND', 'getaddrinfo ENOTFOUND'],
  reset: ['ECONNRESET', 'read ECONNRESET'],
  'reset-in-body': ['UND_ERR_SOCKET', 'other side closed'],
} as const;

/** Never answers; ends only when the client gives up. */
function silence(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** An error of the kind that a socket brings up. */
function fault(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
