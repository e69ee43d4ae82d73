import { afterAll, describe, expect, it } from 'vitest';
import { loadRegistry } from '../../lambdas/registry.ts';
import { ask } from '../sandbox/answer.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import type { SandboxRequest, SandboxResponse, Server } from '../sandbox/vendor.ts';
import { type World, world } from './world.ts';

/*
 * Everything that was ever a credential: the fields of every secret, what a token endpoint returned, and what a request
 * was signed with. None may be found in anything that a person can read, in any disguise.
 */

const { psas } = await loadRegistry();

const IS_SECRET = /secret|token|password|pass|key|pem/iu;
const IS_TOKEN_ENDPOINT = /token|login|auth\/(?!info)/iu;

/** Collects canaries from requests and answers, and answers with `echo`. */
class Canaries {
  readonly values = new Map<string, string>();

  add(value: unknown, what: string): void {
    if (typeof value === 'string' && value.length >= 8) this.values.set(value, what);
  }

  members(value: unknown, what: string): void {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, member] of Object.entries(value)) {
      if (IS_SECRET.test(name) && !/url|version|id$/iu.test(name)) this.add(member, `${what} ${name}`);
      else this.members(member, what);
    }
  }

  /** Watches a server, and can answer in its place. */
  watch =
    (answer: (server: Server, request: SandboxRequest) => SandboxResponse | undefined) =>
    <S extends Server>(server: S): S => {
      if ('secret' in server) this.members(server.secret, `${server.id} secret`);
      return {
        ...server,
        handle: async (request: SandboxRequest) => {
          for (const [name, value] of Object.entries(request.headers))
            if (/authorization|api-?key|token|subscription-key/iu.test(name)) {
              this.add(value, `${server.id} ${name}`);
              this.add(value.replace(/^\w+ /u, ''), `${server.id} ${name}`);
            }
          const response = answer(server, request) ?? (await ask(server, request));
          if (IS_TOKEN_ENDPOINT.test(request.path)) this.members(response.body, `${server.id} answer`);
          return response;
        },
      };
    };

  /** Which canaries are in `text`, in any disguise. */
  in(text: string): string[] {
    return [...this.values].flatMap(([value, what]) =>
      disguises(value).some((form) => text.includes(form)) ? [what] : [],
    );
  }
}

/** Each form once: for most values several forms are equal. */
const disguises = (value: string): string[] => [
  ...new Set([
    value,
    encodeURIComponent(value),
    new URLSearchParams([['', value]]).toString().slice(1),
    JSON.stringify(value).slice(1, -1),
    Buffer.from(value).toString('base64').replace(/=+$/u, ''),
    Buffer.from(value).toString('base64url'),
  ]),
];

/** Repeats everything it received, as careless servers do. */
const echo = (status: number, { method, path, query, headers, body }: SandboxRequest): SandboxResponse => {
  const text = `${Buffer.from(body)} ${JSON.stringify(headers)} ${method} ${path}?${query}`;
  return status === 200
    ? { status, headers: { 'content-type': 'text/html' }, body: `<html>${text}</html>` }
    : { status, body: { error: text, error_description: text, message: text, headers } };
};

const STATUSES = [400, 401, 403, 404, 429, 500, 200];

/** Everything a run produces that a person can read. */
async function readable(of: World, run: string, execution: unknown, events: unknown[]): Promise<string> {
  const files = [...(await of.files(run)).values()].map((bytes) => bytes.toString());
  const mails = of.sent.map(({ raw }) => Buffer.from(raw).toString().replaceAll('=\r\n', ''));
  const tickets = of.psas.flatMap((psa) => psa.tickets()).map(({ attachments: _, ...ticket }) => ticket);
  return [...files, ...mails, ...[execution, events, of.events, tickets].map((part) => JSON.stringify(part))].join(
    '\n',
  );
}

async function leaks(canaries: Canaries, of: World, name: string): Promise<string[]> {
  const events: unknown[] = [];
  const execution = await of.run(name, { onEvent: (event) => events.push(event) });
  return canaries.in(await readable(of, name, execution, events));
}

describe('no secret is found in a file, a log, an error, a mail, a ticket or a progress event', () => {
  const worlds: World[] = [];
  afterAll(() => Promise.all(worlds.map((of) => of.end())));
  const made = async (of: Promise<World>): Promise<World> => {
    const open = await of;
    worlds.push(open);
    return open;
  };

  it('of a run without errors', async () => {
    const canaries = new Canaries();
    const of = await made(
      world({ msp: demoMsp(12), vendors: () => true, psa: 'connectwise-psa', wrap: canaries.watch(() => undefined) }),
    );
    expect(await leaks(canaries, of, 'well')).toEqual([]);
    expect(canaries.values.size).toBeGreaterThan(of.vendors.length * 2);
  });

  it.each(STATUSES)('of vendors that answer %d and repeat what they were sent', async (status) => {
    for (const tokens of [false, true]) {
      const canaries = new Canaries();
      const spared = tokens ? 'duo' : 'huntress';
      const of = await made(
        world({
          msp: demoMsp(6),
          vendors: () => true,
          wrap: canaries.watch((server, request) =>
            server.id === spared || (!tokens && IS_TOKEN_ENDPOINT.test(request.path))
              ? undefined
              : echo(status, request),
          ),
        }),
      );
      expect(await leaks(canaries, of, `echo-${status}`)).toEqual([]);
      expect(of.sent).toHaveLength(1);
    }
  });

  it.each(psas.map(({ id }) => id))('of %s that refuses the ticket and repeats what it was sent', async (psa) => {
    let hasTokens = false;
    for (const status of STATUSES) {
      // Without requests for a token, both cases are the same.
      for (const tokens of [false, true]) {
        if (tokens && !hasTokens) continue;
        const canaries = new Canaries();
        const of = await made(
          world({
            msp: demoMsp(3),
            vendors: (id) => id === 'huntress',
            psa,
            wrap: canaries.watch((server, request) => {
              if (server.id !== psa) return undefined;
              const isToken = IS_TOKEN_ENDPOINT.test(request.path);
              hasTokens ||= isToken;
              return isToken && !tokens ? undefined : echo(status, request);
            }),
          }),
        );
        expect(await leaks(canaries, of, `echo-${status}`), `${status}`).toEqual([]);
      }
    }
  });
});
