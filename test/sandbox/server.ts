import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { type Answer, answerOf, ask, serverFor } from './answer.ts';
import type { SandboxRequest, SandboxResponse, Server } from './vendor.ts';

export type RunningSandbox = { url: URL; stop(): Promise<void> };

/** Bodies larger than this travel compressed where the client accepts it, as they do from the real vendors. */
const COMPRESS_ABOVE = 1_400;

/**
 * Serves `servers` on 127.0.0.1, distinguished by the Host header, on `port` or on a free one.
 * Faults misbehave on the socket: reset before or in the middle of the answer, or silence until `stop`.
 */
export async function startSandbox(
  servers: readonly Server[],
  options: { port?: number } = {},
): Promise<RunningSandbox> {
  const http = createServer((incoming, outgoing) => {
    // A client that leaves in the middle of its request is no fault of the sandbox.
    serve(servers, incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const address = http.address();
  if (address === null || typeof address === 'string') throw new Error('the sandbox listens on no TCP port');
  return {
    url: new URL(`http://127.0.0.1:${address.port}`),
    stop: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
}

async function serve(servers: readonly Server[], incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const request = await read(incoming);
  const server = serverFor(servers, request.host, request.path);
  const response: SandboxResponse =
    server === undefined
      ? {
          status: 421,
          body: `The sandbox has no server for host "${request.host}". Send the vendor's own host in the Host header; it serves ${servers.map(({ id }) => id).join(', ')}.`,
        }
      : await ask(server, request);
  switch (response.fault) {
    case undefined:
      return write(outgoing, compressed(answerOf(response), request));
    case 'refuse':
    case 'dns':
    case 'reset':
      incoming.socket.resetAndDestroy();
      return;
    case 'reset-in-body': {
      const { status, headers, body } = answerOf(response);
      outgoing.writeHead(status, { ...headers, 'content-length': body.byteLength + 1 });
      outgoing.write(body.subarray(0, Math.ceil(body.byteLength / 2)), () => incoming.socket.resetAndDestroy());
      return;
    }
    case 'silence':
  }
}

async function read(incoming: IncomingMessage): Promise<SandboxRequest> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const [path = '/', search = ''] = (incoming.url ?? '/').split(/\?(.*)/su);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return {
    method: incoming.method ?? 'GET',
    host: (headers.host ?? '').replace(/:\d+$/u, '').toLowerCase(),
    path,
    query: new URLSearchParams(search),
    headers,
    body: Buffer.concat(chunks),
  };
}

function compressed(answer: Answer, request: SandboxRequest): Answer {
  const accepts = /\bgzip\b/u.test(request.headers['accept-encoding'] ?? '');
  if (!accepts || answer.body.byteLength <= COMPRESS_ABOVE || 'content-encoding' in answer.headers) return answer;
  return {
    ...answer,
    headers: { ...answer.headers, 'content-encoding': 'gzip' },
    body: gzipSync(answer.body, { level: 1 }),
  };
}

function write(outgoing: ServerResponse, { status, headers, body }: Answer): void {
  outgoing.writeHead(status, { ...headers, 'content-length': body.byteLength });
  outgoing.end(body);
}
