import type { SandboxRequest, SandboxResponse, Server } from './vendor.ts';

/** An answer as bytes: what goes over a socket or straight into a client. */
export type Answer = { status: number; headers: Record<string, string>; body: Uint8Array };

/** The server that answers for `path` at `host`. */
export function serverFor<S extends Server>(servers: readonly S[], host: string, path: string): S | undefined {
  return servers.find((server) => server.answers(host, path));
}

/** Lets `server` handle the request; a fault inside the server is a 500 that says whose fault it was. */
export async function ask(server: Server, request: SandboxRequest): Promise<SandboxResponse> {
  try {
    return await server.handle(request);
  } catch (error) {
    return { status: 500, body: `the sandbox's own ${server.id} server failed: ${error}` };
  }
}

/** Turns a body into bytes: an object becomes JSON; a content type is added where the server gave none. */
export function answerOf({ status, headers = {}, body }: SandboxResponse): Answer {
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  if (body === undefined) return { status, headers: lower, body: new Uint8Array() };
  if (body instanceof Uint8Array) return { status, headers: lower, body };
  const [type, text] =
    typeof body === 'string' ? ['text/plain; charset=utf-8', body] : ['application/json', JSON.stringify(body)];
  return { status, headers: { 'content-type': type, ...lower }, body: Buffer.from(text) };
}
