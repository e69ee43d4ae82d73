import { ReportError } from '../report/errors.ts';
import { guardHost, type HostPattern } from './hosts.ts';
import type { WireResponse } from './transport.ts';

const REDIRECTS = 3;

/** Origins that the vendor has moved for good (301, 308), so that only the first request takes the detour. */
export type Moved = Map<string, string>;

/** Where one request goes: to its address, then wherever the vendor redirects it among its own hosts. */
export class Route {
  readonly #hosts: readonly HostPattern[];
  readonly #moved: Moved;
  #url: URL;
  #redirects = 0;

  constructor(to: URL, hosts: readonly HostPattern[], moved: Moved) {
    this.#url = to;
    this.#hosts = hosts;
    this.#moved = moved;
  }

  /** The address of the next attempt. Errors: `VendorContractError` if credentials must not travel there. */
  next(): URL {
    const { origin, href } = this.#url;
    this.#url = new URL(href.replace(origin, this.#moved.get(origin) ?? origin));
    guardHost(this.#url, this.#hosts);
    return this.#url;
  }

  /** Turns to where `answer` redirects; false if it is not a redirect. Errors: `VendorContractError`. */
  follows({ status, headers }: WireResponse, where: string): boolean {
    if (status < 300 || status >= 400 || headers.location === undefined) return false;
    this.#redirects += 1;
    if (this.#redirects > REDIRECTS)
      throw new ReportError('VendorContractError', `${where}: redirected too many times`);
    const target = new URL(headers.location, this.#url);
    guardHost(target, this.#hosts);
    if (status === 301 || status === 308) this.#moved.set(this.#url.origin, target.origin);
    this.#url = target;
    return true;
  }
}
