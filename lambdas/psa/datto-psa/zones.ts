import * as z from 'zod/mini';
import { isReportError, ReportError } from '../../report/errors.ts';
import type { Api } from '../../wire/api.ts';
import { anonymous } from '../../wire/auth.ts';
import { guardHost } from '../../wire/hosts.ts';
import type { WireResponse } from '../../wire/transport.ts';
import { FAULTS } from '../delivery/refused.ts';
import { DISCOVERY, HOSTS, name, refusalOf } from './refusal.ts';

/**
 * Any zone knows which one a user belongs to. Public clients ask this address; the vendor's Swagger names `DISCOVERY`.
 */
const FIRST_DISCOVERY = 'https://webservices.autotask.net/atservicesrest/v1.0';

const UNKNOWN_USER = 'HTTP 500';

const Zone = z.object({ url: z.url(), webUrl: z.url() });
type Zone = { url: string; webUrl?: string };

type Settings = { userName: string; zoneUrl?: string | undefined };

/** The zone of the MSP's database, which Autotask can move. */
export class Zones {
  readonly #api: Api;
  readonly #settings: Settings;
  readonly #words: (refusal: string) => string;
  #current: Promise<Zone> | undefined;

  /** `words` prepares a refusal's words for a message. */
  constructor(api: Api, settings: Settings, words: (refusal: string) => string) {
    this.#api = api;
    this.#settings = settings;
    this.#words = words;
  }

  /** The address of its API; ends in a slash. */
  current(): Promise<Zone> {
    const { zoneUrl } = this.#settings;
    return (
      this.#current ?? this.#read(async () => (zoneUrl === undefined ? this.#discover() : { url: rootOf(zoneUrl) }))
    );
  }

  /** After refused keys: the current zone, if it is another one than before. Too many refusals lock the user out. */
  async moved({ url }: Zone, error: unknown): Promise<Zone> {
    if (!isReportError(error, 'VendorAuthError') || error.wide) throw error;
    const now = await this.#read(() => this.#discover());
    if (now.url === url) throw error;
    return now;
  }

  /** Does something in the zone, once more if the database has moved. */
  async inside<T>(work: (zone: Zone) => Promise<T>): Promise<T> {
    const before = await this.current();
    try {
      return await work(before);
    } catch (error) {
      return work(await this.moved(before, error));
    }
  }

  /** Where people work; ends in a slash. */
  async webUrl(): Promise<string> {
    const { url, webUrl } = await this.current();
    return webUrl ?? (await this.#discover().catch(() => webUrlLike(url))).webUrl;
  }

  #read(look: () => Promise<Zone>): Promise<Zone> {
    const reading = look().catch((error: unknown) => {
      this.#current = undefined;
      throw error;
    });
    this.#current = reading;
    return reading;
  }

  async #discover(): Promise<Required<Zone>> {
    const answer = (await this.#firstAnswer()) ?? (await this.#secondAnswer());
    const refusal = refusalOf(answer);
    if (refusal !== undefined) {
      throw new ReportError(
        'VendorAuthError',
        `${name} knows no zone for this user (${this.#words(refusal)}): userName in secrets/datto-psa.json is the Username (Key) of the API user`,
        { wide: true },
      );
    }
    return usable(this.#api.parse(answer, Zone, 'GET', '/zoneInformation'));
  }

  #zoneAt(base: string, accept: readonly number[] = []): Promise<WireResponse> {
    const query = { user: this.#settings.userName };
    return this.#api.with({ auth: anonymous }).send('GET', `${base}/zoneInformation`, { query, accept });
  }

  /** Undefined if the first address is not reached or serves no such call. */
  #firstAnswer(): Promise<WireResponse | undefined> {
    return this.#zoneAt(FIRST_DISCOVERY, [400, 401, 403, 404, ...FAULTS]).then(
      (answer) => (answer.status === 200 || refusalOf(answer) !== undefined ? answer : undefined),
      (error: unknown) => {
        if (isReportError(error, 'VendorUnavailableError')) return undefined;
        throw error;
      },
    );
  }

  #secondAnswer(): Promise<WireResponse> {
    return this.#zoneAt(DISCOVERY).catch((error: unknown) => {
      if (!isReportError(error, 'VendorUnavailableError')) throw error;
      // HTTP 500 is the documented answer for an unknown user; a fault that lasts for all attempts looks the same.
      throw new ReportError(
        error.cause === UNKNOWN_USER ? 'VendorAuthError' : 'VendorUnavailableError',
        `${error.message}; it gives the same answer for an unknown user: check userName in secrets/datto-psa.json`,
        { wide: true },
      );
    });
  }
}

function usable({ url, webUrl }: z.output<typeof Zone>): Required<Zone> {
  for (const address of [url, webUrl]) guardHost(new URL(address), HOSTS);
  return { url: withSlash(url), webUrl: withSlash(webUrl) };
}

const withSlash = (url: string): string => (url.endsWith('/') ? url : `${url}/`);

/** A configured address may name the version too, which comes after it. */
const rootOf = (zoneUrl: string): string => withSlash(zoneUrl.replace(/\/v1\.0\/?$/iu, ''));

/** A ticket does not fail because its link cannot be read: the API's webservices5 is ww5 for people. */
const webUrlLike = (url: string): { webUrl: string } => ({
  webUrl: `https://${new URL(url).hostname.replace(/^webservices/iu, 'ww')}/`,
});
