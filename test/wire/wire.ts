import { anonymous } from '../../lambdas/wire/auth.ts';
import { Redactor } from '../../lambdas/wire/redact.ts';
import { type ApiDeclaration, RequestPath } from '../../lambdas/wire/request.ts';
import type { Session } from '../../lambdas/wire/session.ts';
import type { WireRequest, WireResponse } from '../../lambdas/wire/transport.ts';
import { type VirtualClock, virtualClock } from '../virtual-clock.ts';

/** A scripted answer: JSON with a status, a fault of the connection, or silence. */
export type Scripted =
  | { status?: number; json?: unknown; text?: string; headers?: Record<string, string> }
  | { fault: string }
  | 'silence';

/** A wire that answers from a script and keeps what was sent. The last answer repeats. */
export function wire(...script: Scripted[]) {
  const sent: WireRequest[] = [];
  const transport = async (request: WireRequest, signal: AbortSignal): Promise<WireResponse> => {
    const next = script[Math.min(sent.length, script.length - 1)];
    sent.push(request);
    if (next === undefined) throw new Error('the script is empty');
    if (next === 'silence') {
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
    }
    if ('fault' in next) throw Object.assign(new Error(next.fault), { code: next.fault });
    const { status = 200, json, text, headers = {} } = next;
    return { status, headers, body: Buffer.from(text ?? JSON.stringify(json ?? {})) };
  };
  return { sent, transport };
}

export type Wire = ReturnType<typeof wire>;

/** A session on a virtual clock with `seconds` to live. */
export function session(
  of: Wire,
  seconds = 880,
  clock: VirtualClock = virtualClock(),
): Session & { clock: VirtualClock } {
  return {
    clock,
    transport: of.transport,
    redactor: new Redactor(),
    deadline: clock.now() + seconds * 1000,
    random: () => 1,
    requests: 0,
    onWait: () => {},
  };
}

/** A request path to https://api.vendor.example/v1 over the scripted wire. */
export function requestPath(of: Wire, changes: Partial<ApiDeclaration> = {}, life = session(of)): RequestPath {
  const declaration: ApiDeclaration = {
    name: 'Vendor',
    base: 'https://api.vendor.example/v1',
    auth: anonymous,
    limit: { concurrency: 2 },
    ...changes,
  };
  return new RequestPath(declaration, life);
}
