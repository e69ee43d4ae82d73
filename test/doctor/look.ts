import * as z from 'zod/mini';
import { TicketsCheck } from '../../lambdas/doctor/check.ts';
import { examine } from '../../lambdas/doctor/examine.ts';
import type { Examined } from '../../lambdas/doctor/finding.ts';
import type { Subject } from '../../lambdas/doctor/subject.ts';
import type { Platform } from '../../lambdas/platform/platform.ts';
import type { Clock } from '../../lambdas/wire/clock.ts';
import { inProcess } from '../sandbox/transport.ts';
import type { Credentials, SandboxRequest, Server } from '../sandbox/vendor.ts';
import { stage } from '../steps/stage.ts';

export type Look = Examined & { requests: SandboxRequest[] };

export type LookOptions = {
  clock?: Clock;
  /** undefined: there is none. */
  secret?: unknown;
};

/** What every check says of an installation that says nothing else. */
export const plainCheck = ({ configuration }: Credentials) => ({ configuration, misplaced: [], timeZone: null });

const MANAGING = { id: 'northwind', name: 'Northwind MSP' };

/** What is asked of a PSA, with the ticket that its server expects or another one. */
export const ticketCheck = (server: Credentials & { ticket: Record<string, unknown> }, other: object = {}) =>
  z.parse(TicketsCheck, {
    ...plainCheck(server),
    ticket: { ...server.ticket, ...other },
    managingOrganization: MANAGING,
  });

/** Looks at one use of an integration, in front of its sandbox server. */
export async function lookAt(
  server: Server & Credentials,
  subjectOf: (platform: Platform) => Subject,
  options: LookOptions = {},
): Promise<Look> {
  const requests: SandboxRequest[] = [];
  const transport = inProcess([server], {
    before: (request) => {
      requests.push(request);
      return undefined;
    },
  });
  const { platform, configure } = await stage({
    transport,
    ...(options.clock === undefined ? {} : { clock: options.clock }),
  });
  const secret = 'secret' in options ? options.secret : server.secret;
  if (secret !== undefined) configure(`secrets/${server.id}.json`, secret);
  const examined = await examine(subjectOf(platform), platform, { deadline: Number.POSITIVE_INFINITY });
  return { ...examined, requests };
}

/** The names of the rights that were found missing. */
export const missingIn = ({ findings }: Look): string[] =>
  findings.flatMap(({ verdict, sentence }) => {
    const [, right] = verdict === 'FAIL' ? (/^right "(.*?)" is /u.exec(sentence) ?? []) : [];
    return right === undefined ? [] : [right];
  });

/** A POST that reads: a token, a query, a search. */
const READS = /token|oauth|auth|login|query$|search$|\/invoices\/details$|\/list$|\/run$|\/endpoints|graphql/iu;

/** Requests that may change something at the vendor. */
export const writesIn = ({ requests }: Look): string[] =>
  requests
    .filter(({ method, path, body }) => {
      if (method === 'GET') return false;
      const isGraphql = Buffer.from(body).includes('"query":"query');
      return method !== 'POST' || !(READS.test(path) || isGraphql);
    })
    .map(({ method, path }) => `${method} ${path}`);
