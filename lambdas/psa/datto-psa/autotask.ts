import * as z from 'zod/mini';
import { type ErrorName, isReportError, ReportError } from '../../report/errors.ts';
import type { Api } from '../../wire/api.ts';
import { anonymous } from '../../wire/auth.ts';
import type { Classify } from '../../wire/classify.ts';
import { maybe } from '../../wire/forms.ts';
import { guardHost, type HostPattern } from '../../wire/hosts.ts';
import { byLink } from '../../wire/paging.ts';
import type { Call } from '../../wire/request.ts';
import type { Session } from '../../wire/session.ts';
import type { WireResponse } from '../../wire/transport.ts';
import type { Choice } from '../delivery/choose.ts';
import { FAULTS } from '../delivery/refused.ts';

export const name = 'Datto PSA';

/** Any zone can tell which one a user belongs to. Public clients ask the first address, the vendor's Swagger names the second. */
const FIRST_DISCOVERY = 'https://webservices.autotask.net/atservicesrest/v1.0';
export const DISCOVERY = 'https://webservices2.autotask.net/ATServicesRest/V1.0';
export const HOSTS: readonly HostPattern[] = ['*.autotask.net'];

/** Most rows of a page. */
const MOST_ROWS = 500;
/** Where Autotask limits the rate and does not say for how long. */
const LIMITED_SECONDS = 60;
/** More parallel calls than one integration may make; comes with any status. */
const THREADS = /Itgenatr005|thread threshold/iu;
const LONGEST_REFUSAL = 600;
const UNKNOWN_USER = 'HTTP 500';

const Zone = z.object({ url: z.url(), webUrl: z.url() });
type Zone = { url: string; webUrl?: string };

const Refusal = z.object({ errors: z.array(z.string()).check(z.minLength(1)) });

const Fields = z.object({
  fields: z.array(
    z.object({
      name: z.string(),
      length: maybe(z.int()),
      picklistValues: maybe(
        z.array(
          z.object({
            value: z.pipe(z.union([z.string(), z.int()]), z.transform(String)),
            label: maybe(z.string()),
            isDefaultValue: maybe(z.boolean()),
            isActive: maybe(z.boolean()),
          }),
        ),
      ),
    }),
  ),
});

/** A field as this tenant has it. `choices` are the active values of its picklist, `preset` the default among them. */
export type Field = { length?: number; choices: readonly (Choice & { id: number })[]; preset?: number };

/** One condition of a query, or a group of them. */
export type Filter =
  | { op: string; field: string; value: string | number | boolean | readonly number[] }
  | { op: 'and' | 'or'; items: readonly Filter[] };

/** What Autotask complains of; undefined where the answer is none of its complaints. */
export function refusalOf({ body }: WireResponse): string | undefined {
  const text = Buffer.from(body).toString('utf8');
  if (!text.includes('"errors"')) return undefined;
  try {
    const refusal = z.safeParse(Refusal, JSON.parse(text));
    return refusal.success ? refusal.data.errors.join('; ') : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Validation and missing rights come as HTTP 500 with `errors`: an answer, which repeating would not change. Too many calls at
 * once come with any status, and pass.
 */
export const classifyAutotask: Classify = (answer) => {
  const { status, headers, body } = answer;
  if (THREADS.test(status >= 400 ? Buffer.from(body).toString('utf8') : (refusalOf(answer) ?? ''))) {
    return { verdict: 'limited' };
  }
  if (status === 429 && headers['retry-after'] === undefined) return { verdict: 'limited', after: LIMITED_SECONDS };
  return status >= 500 && refusalOf(answer) !== undefined ? { verdict: 'fine' } : undefined;
};

/**
 * The API in the zone where the MSP's database lies, which Autotask may move. What it refuses is an error of the name `refusedAs`,
 * with Autotask's own words.
 */
export function autotask(
  api: Api,
  settings: { userName: string; zoneUrl?: string | undefined },
  session: Pick<Session, 'redactor'>,
  refusedAs: ErrorName = 'DeliveryError',
) {
  const { userName, zoneUrl } = settings;
  let current: Promise<Zone> | undefined;

  const zoneAt = (base: string, accept?: readonly number[]): Promise<WireResponse> =>
    api.with({ auth: anonymous }).send('GET', `${base}/zoneInformation`, {
      query: { user: userName },
      ...(accept === undefined ? {} : { accept }),
    });

  /** Undefined where the first address is not reached or serves no such call. */
  const firstAnswer = (): Promise<WireResponse | undefined> =>
    zoneAt(FIRST_DISCOVERY, [400, 401, 403, 404, ...FAULTS]).then(
      (answer) => (answer.status === 200 || refusalOf(answer) !== undefined ? answer : undefined),
      (error: unknown) => {
        if (isReportError(error, 'VendorUnavailableError')) return undefined;
        throw error;
      },
    );

  const usable = ({ url, webUrl }: z.output<typeof Zone>): Required<Zone> => {
    for (const address of [url, webUrl]) guardHost(new URL(address), HOSTS);
    return { url: withSlash(url), webUrl: withSlash(webUrl) };
  };

  const secondAnswer = (): Promise<WireResponse> =>
    zoneAt(DISCOVERY).catch((error: unknown) => {
      if (!isReportError(error, 'VendorUnavailableError')) throw error;
      // HTTP 500 is the documented answer for an unknown user; a fault that lasts for all attempts looks the same.
      throw new ReportError(
        error.cause === UNKNOWN_USER ? 'VendorAuthError' : 'VendorUnavailableError',
        `${error.message}; for a user that it does not know it answers the same: compare userName in secrets/datto-psa.json`,
        { wide: true },
      );
    });

  async function discover(): Promise<Required<Zone>> {
    const answer = (await firstAnswer()) ?? (await secondAnswer());
    const refusal = refusalOf(answer);
    if (refusal !== undefined) {
      throw new ReportError(
        'VendorAuthError',
        `${name} knows no zone for this user (${said(refusal)}): userName in secrets/datto-psa.json is the Username (Key) of the API user`,
        { wide: true },
      );
    }
    return usable(api.parse(answer, Zone, 'GET', '/zoneInformation'));
  }

  const read = (look: () => Promise<Zone>): Promise<Zone> => {
    const reading = look().catch((error: unknown) => {
      current = undefined;
      throw error;
    });
    current = reading;
    return reading;
  };
  const zone = (): Promise<Zone> =>
    current ?? read(async () => (zoneUrl === undefined ? discover() : { url: rootOf(zoneUrl) }));

  /** After refused keys: the zone as it is now where that is another one than before. Too many refusals lock the user out. */
  const moved = async ({ url }: Zone, error: unknown): Promise<Zone> => {
    if (!isReportError(error, 'VendorAuthError') || error.wide) throw error;
    const now = await read(discover);
    if (now.url === url) throw error;
    return now;
  };
  const inZone = async <T>(work: (zone: Zone) => Promise<T>): Promise<T> => {
    const before = await zone();
    try {
      return await work(before);
    } catch (error) {
      return work(await moved(before, error));
    }
  };

  const at = ({ url }: Zone, path: string): string => `${url}V1.0/${path}`;
  const said = (words: string): string =>
    session.redactor.clean(words.replace(/\s+/gu, ' ').trim()).slice(0, LONGEST_REFUSAL);
  const refused = (what: string, words: string): ReportError =>
    new ReportError(refusedAs, `${name} refused ${what}: ${said(words)}`);

  return {
    /** The answer; it may be a refusal. */
    send: (method: 'GET' | 'POST', path: string, call: Call = {}): Promise<WireResponse> =>
      inZone((zone) => api.send(method, at(zone, path), call)),
    /** Errors: `refusedAs`. */
    async read<T>(method: 'GET' | 'POST', path: string, schema: z.ZodMiniType<T>, call: Call = {}): Promise<T> {
      const answer = await this.send(method, path, call);
      const refusal = refusalOf(answer);
      if (refusal !== undefined) throw refused(`${method} ${path}`, refusal);
      return api.parse(answer, schema, method, path);
    },
    /** The rows of a list, page by page; the next page of a POST is a POST of the same body. Errors: as `read`. */
    async *list<R extends { id: number }>(
      method: 'GET' | 'POST',
      path: string,
      row: z.ZodMiniType<R>,
      call: Call = {},
    ): AsyncGenerator<R> {
      const details = z.object({ nextPageUrl: maybe(z.string()) });
      const page = z.union([
        Refusal,
        // Only a query always says what follows; the children of one record come in one piece.
        z.object({ items: z.array(row), pageDetails: method === 'GET' ? z.optional(details) : details }),
      ]);
      const pages = (zone: Zone) =>
        api.pages(
          at(zone, path),
          {
            ...call,
            method,
            list: path,
            page,
            rows: (body) => {
              if ('errors' in body) throw refused(`${method} ${path}`, body.errors.join('; '));
              return body.items;
            },
            key: ({ id }) => id,
          },
          byLink({ next: (body) => ('errors' in body ? undefined : body.pageDetails?.nextPageUrl) }),
        );
      const before = await zone();
      let begun = false;
      try {
        for await (const one of pages(before)) {
          begun = true;
          yield one;
        }
      } catch (error) {
        if (begun) throw error;
        yield* pages(await moved(before, error));
      }
    },
    query<R extends { id: number }>(
      entity: string,
      row: z.ZodMiniType<R>,
      fields: readonly string[],
      filter: readonly Filter[],
    ): AsyncGenerator<R> {
      const json = { MaxRecords: MOST_ROWS, IncludeFields: ['id', ...fields], filter };
      return this.list('POST', `${entity}/query`, row, { json });
    },
    /** The fields of an entity by name. */
    async fields(entity: string): Promise<ReadonlyMap<string, Field>> {
      const { fields } = await this.read('GET', `${entity}/entityInformation/fields`, Fields);
      return new Map(
        fields.map(({ name, length, picklistValues }): [string, Field] => {
          const active = (picklistValues ?? []).filter(
            ({ value, isActive }) => isActive !== false && /^-?\d+$/u.test(value),
          );
          const preset = active.find(({ isDefaultValue }) => isDefaultValue === true);
          return [
            name,
            {
              choices: active.map(({ value, label }) => ({ id: Number(value), name: label ?? value })),
              ...(typeof length === 'number' && length > 0 ? { length } : {}),
              ...(preset === undefined ? {} : { preset: Number(preset.value) }),
            },
          ];
        }),
      );
    },
    /** Where people work; ends in a slash. */
    async webUrl(): Promise<string> {
      const { url, webUrl } = await zone();
      return webUrl ?? (await discover().catch(() => webUrlLike(url))).webUrl;
    },
  };
}

const withSlash = (url: string): string => (url.endsWith('/') ? url : `${url}/`);

/** A configured address may name the version too, which comes after it. */
const rootOf = (zoneUrl: string): string => withSlash(zoneUrl.replace(/\/v1\.0\/?$/iu, ''));

/** A ticket is not lost because its link cannot be asked for: webservices5 is the API's name of what people see as ww5. */
const webUrlLike = (url: string): { webUrl: string } => ({
  webUrl: `https://${new URL(url).hostname.replace(/^webservices/iu, 'ww')}/`,
});
