import type { WireResponse } from './transport.ts';

export type Query = Record<string, string | number | boolean | undefined>;

/** One call: a path below `base` or a full address, and what goes with it. */
export type Call = {
  query?: Query | undefined;
  headers?: Record<string, string>;
  json?: unknown;
  form?: Record<string, string>;
  /** In place of a body: what is good for a moment only (a passcode, an assertion) is made anew for every attempt. */
  fresh?: (now: number) => Pick<Call, 'json' | 'form'>;
  /** A body already encoded (multipart); bring its content-type header along. */
  bytes?: Uint8Array;
  /** A POST that only reads may be repeated like a GET; one that creates is never repeated once it may have arrived. */
  reads?: boolean;
  /** Statuses that are answers, not errors, for this call. */
  accept?: readonly number[];
  /** The same where a status alone does not say it. */
  acceptWhere?: (answer: WireResponse) => boolean;
  /** Where the caller reads a large answer in slices: it may come packed. */
  mayPack?: true;
};

/** The body of a call and its content type. */
export function encode(call: Call): { body?: string | Uint8Array; type?: string } {
  if (call.bytes !== undefined) return { body: call.bytes };
  if (call.json !== undefined) return { body: JSON.stringify(call.json), type: 'application/json' };
  if (call.form !== undefined) {
    return { body: new URLSearchParams(call.form).toString(), type: 'application/x-www-form-urlencoded' };
  }
  return {};
}
