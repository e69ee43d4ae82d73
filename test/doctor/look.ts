import type { BillingConfiguration } from '../../lambdas/billing/configuration.ts';
import { type Examined, examine } from '../../lambdas/doctor/examine.ts';
import type { Subject } from '../../lambdas/doctor/subject.ts';
import type { Installation } from '../../lambdas/doctor/subjects.ts';
import type { Clock } from '../../lambdas/wire/clock.ts';
import { inProcess } from '../sandbox/transport.ts';
import type { Credentials, SandboxRequest, Server } from '../sandbox/vendor.ts';
import { stage } from '../steps/stage.ts';

export type Look = Examined & { requests: SandboxRequest[] };

export type LookOptions = {
  clock?: Clock;
  /** undefined: there is none. */
  secret?: unknown;
  ticket?: Record<string, unknown>;
  billing?: BillingConfiguration;
};

/** Looks at one use of an integration, in front of its sandbox server. */
export async function lookAt(
  server: Server & Credentials,
  subjectOf: (of: Installation) => Subject,
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
  const { ticket, billing } = options;
  const psa = ticket === undefined ? {} : { psa: { integration: server.id, ticket } };
  const subject = subjectOf({
    configuration: {
      managingOrganization: { id: 'northwind', name: 'Northwind MSP' },
      integrations: new Map([[server.id, server.configuration]]),
      delivery: { mechanism: ticket === undefined ? 'none' : 'psa', ...psa },
      timeZone: undefined,
      units: 'named',
    },
    organizations: [],
    billing,
    platform,
  });
  return { ...(await examine(subject, platform)), requests };
}

/** The names of the rights that were found missing. */
export const missingIn = ({ findings }: Look): string[] =>
  findings.flatMap(({ verdict, sentence }) => {
    const [, right] = verdict === 'FAIL' ? (/^right "(.*?)" is /u.exec(sentence) ?? []) : [];
    return right === undefined ? [] : [right];
  });

/** A POST that reads: a token, a query, a search. */
const READS = /token|oauth|auth|login|query$|search$|\/list$|\/run$|\/endpoints|graphql/iu;

/** Requests that may change something at the vendor. */
export const writesIn = ({ requests }: Look): string[] =>
  requests
    .filter(({ method, path, body }) => {
      if (method === 'GET') return false;
      const isGraphql = Buffer.from(body).includes('"query":"query');
      return method !== 'POST' || !(READS.test(path) || isGraphql);
    })
    .map(({ method, path }) => `${method} ${path}`);
