import * as z from 'zod/mini';
import type { PsaProduct } from '../../billing/first-services.ts';
import type { Period } from '../../billing/period.ts';
import { describeIssue } from '../../report/describe-issue.ts';
import { ReportError } from '../../report/errors.ts';
import { Api } from '../../wire/api.ts';
import { eachPiece, type Piece } from '../../wire/each.ts';
import type { KeptAnswers } from '../../wire/kept-answers.ts';
import { type ApiDeclaration, RequestPath } from '../../wire/request.ts';
import type { OpenRight, UnseenRight } from '../../wire/rights.ts';
import type { Session } from '../../wire/session.ts';
import { type Given, type Members, readSettings } from '../../wire/settings.ts';
import { type BilledFact, unread } from './fact.ts';
import { type Asked, inWords, opened, type SourceRight } from './rights.ts';

/** The reading of one source: customers and lines, alone or in pieces of work that survive a pause. */
export type BilledPart = BilledFact | Piece<BilledFact>;

/** What a source's code reads with. */
export type Reader = {
  /** The PSA's API: lists leave receipts, and nothing is ever written. */
  api: Api;
  period: Period;
  /** Removes secrets from an answer's words before they become a message. */
  redactor: Session['redactor'];
  /** Reads something per agreement, or per any other key; a failure affects only its customers. */
  each<T>(
    items: Iterable<T>,
    of: { key: (item: T) => string; customers: (item: T) => (string | number)[] },
    read: (item: T) => AsyncIterable<BilledFact>,
  ): AsyncGenerator<Piece<BilledFact>>;
};

/** How to reach a PSA, for tickets and billed lines; `api` can also be built with a ticket's further settings. */
export type PsaAccess<S extends Members, C extends Members> = {
  /** Integration id: also the secret's name, and the field of `integrationIds` with its companies' ids. */
  id: string;
  name: string;
  secret: S;
  /** Its field in report.json. */
  configuration: C;
  api: (settings: z.output<S> & z.output<C>) => ApiDeclaration;
};

/** A source of billed lines, declared once. `O` is the shape of its fields in billing.json besides `integration`. */
export type SourceDeclaration<S extends Members, C extends Members, O extends Members> = {
  psa: PsaAccess<S, C>;
  /** Why its numbers must be verified; it is read only with `"experimental": true`. Absent for a documented API. */
  experimental?: string;
  /** What the key must be allowed to read, in the words of the PSA's own screens. */
  rights: readonly SourceRight<z.output<S> & z.output<C> & z.output<O>>[];
  /** False if lines have no currency unless billing.json gives it. */
  namesCurrency: boolean;
  options: O;
  read: (reader: Reader, settings: z.output<S> & z.output<C> & z.output<O>) => AsyncIterable<BilledPart>;
  /** The PSA's catalogue; without it, products are only known from billed lines. */
  products?: (api: Api, settings: z.output<S> & z.output<C> & z.output<O>) => AsyncIterable<PsaProduct>;
};

/** A source ready to be read: its settings are checked, nothing was sent yet. */
export type OpenSource = {
  /**
   * `isDone`: whether the piece of work of this key was finished before a pause; `kept`: what else was answered before
   * it.
   */
  read(
    period: Period,
    session: Session,
    isDone: (key: string) => boolean,
    kept?: KeptAnswers,
  ): { api: Api; parts: AsyncIterable<BilledPart> };
  api: ApiDeclaration;
  /** The rights that can be checked one by one. */
  rights: readonly OpenRight<Asked>[];
  /** Those that no read-only call can check. */
  unseen: readonly UnseenRight[];
  /** Absent if the PSA's catalogue is not read. */
  products?: (session: Session) => AsyncIterable<PsaProduct>;
};

/** What people wrote: the PSA's secret, its field in report.json, and its source in billing.json. */
export type GivenToSource = Given & { options: unknown };

/** A declared source as the rest of the program sees it, without the types of its settings. */
export type Source = {
  id: string;
  name: string;
  experimental: string | undefined;
  rights: string;
  namesCurrency: boolean;
  secret: Members;
  options: Members;
  /** Reads the settings. Errors: `ConfigurationError` naming file and field. */
  open(given: GivenToSource): OpenSource;
};

/** Declares a source; the types of `settings` follow from its shapes. */
export function source<S extends Members, C extends Members, O extends Members>(
  declaration: SourceDeclaration<S, C, O>,
): Source {
  const { psa, experimental, rights, namesCurrency, options, read, products } = declaration;
  return {
    id: psa.id,
    name: psa.name,
    experimental,
    rights: inWords(rights),
    namesCurrency,
    secret: psa.secret,
    options,
    open({ options: chosen, ...given }) {
      const access = readSettings(psa, given);
      const settings = { ...access, ...readOptions(options, chosen) };
      const declared = psa.api(access);
      const catalogue =
        products === undefined
          ? {}
          : { products: (session: Session) => products(new Api(new RequestPath(declared, session)), settings) };
      return {
        ...catalogue,
        api: declared,
        ...opened(rights, settings),
        read(period, session, isDone, kept) {
          const api = new Api(new RequestPath(declared, session), undefined, kept);
          const each: Reader['each'] = (items, of, readItem) => {
            const pieces = eachPiece(items, {
              keyOf: of.key,
              read: readItem,
              failed: (item, error) => of.customers(item).map((id) => unread(id, error)),
              isDone,
              concurrency: declared.limit.concurrency,
            });
            return kept?.aside(pieces) ?? pieces;
          };
          return { api, parts: read({ api, period, redactor: session.redactor, each }, settings) };
        },
      };
    },
  };
}

/** Errors: `ConfigurationError` naming the field of billing.json. */
function readOptions<O extends Members>(shape: O, chosen: unknown): z.output<O> {
  const result = z.safeParse(shape, chosen);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => `billing.json: source: ${describeIssue(issue, chosen)}`);
  throw new ReportError('ConfigurationError', faults.join('\n'), { wide: true });
}
