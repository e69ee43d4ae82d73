import type { Company, DemoMsp } from './demo-msp.ts';

/**
 * A request as a vendor's server sees it. Header names are lower case; `path` is decoded only where a server does so.
 */
export type SandboxRequest = {
  method: string;
  host: string;
  path: string;
  query: URLSearchParams;
  headers: Record<string, string>;
  body: Uint8Array;
};

/** What a server answers; an object body goes out as JSON. A `fault` misbehaves below HTTP instead. */
export type SandboxResponse = {
  status: number;
  headers?: Record<string, string>;
  body?: string | Uint8Array | object;
  fault?: 'refuse' | 'dns' | 'reset' | 'reset-in-body' | 'silence';
};

/** One customer of a vendor as it truly is, in the report's terms: what the report must say of it, cell by cell. */
export type TrueCustomer = {
  /** The id that organizations.json holds. */
  id: string;
  name: string;
  /** The company that claims it; absent if nobody does. */
  company?: Company['id'];
  /** Another company that claims the same id, so that it is ambiguous for both. */
  alsoClaimedBy?: Company['id'];
  /** Every cell other than 0, by column title. */
  cells: Record<string, number | string>;
  /** `gone`: the vendor does not list it any more (claimed all the same: a dead id). */
  state: 'counted' | 'excluded' | 'failed' | 'gone';
};

/** Anything that answers for hosts: a vendor, a PSA. */
export type Server = {
  /** Integration id. */
  id: string;
  /**
   * Hosts it answers for, in lower case and without port. Where two servers share a host (a sign-in service), `path`
   * tells them apart; without a path the question is whether it answers there at all.
   */
  answers: (host: string, path?: string) => boolean;
  handle: (request: SandboxRequest) => SandboxResponse | Promise<SandboxResponse>;
};

/** What `secrets/<id>.json` and `integrations.<id>` hold for an integration. */
export type Credentials = { secret: Record<string, unknown>; configuration: Record<string, unknown> };

/** A vendor of the demo MSP: a strict little server, and the truth behind it. */
export type SandboxVendor = Server & Credentials & { customers: readonly TrueCustomer[] };

/** A server of a PSA with the ticket fields that delivery needs there. */
export type TicketServer = Server &
  Credentials & {
    ticket: Record<string, unknown>;
    /** The companies that it knows, by the ids that organizations.json holds. */
    customers: readonly { id: string; company: Company['id'] }[];
  };

/**
 * Makes the vendor for an MSP. Each file in `vendor-apis/` has one as its default export; the folder is the list.
 * `now` gives the milliseconds since the epoch by which tokens end, signatures age and limits refill.
 */
export type VendorFactory = (msp: DemoMsp, now?: () => number) => SandboxVendor;

/** The body of a form post, or undefined if the content type says otherwise. */
export function formOf(request: SandboxRequest): URLSearchParams | undefined {
  if (!(request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')) return undefined;
  return new URLSearchParams(Buffer.from(request.body).toString('utf8'));
}

/** The JSON body of a request, or undefined if there is none. */
export function jsonOf(request: SandboxRequest): unknown {
  if (!(request.headers['content-type'] ?? '').includes('json')) return undefined;
  try {
    return JSON.parse(Buffer.from(request.body).toString('utf8'));
  } catch {
    return undefined;
  }
}
