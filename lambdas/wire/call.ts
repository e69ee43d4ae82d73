import type { WireResponse } from './transport.ts';

export type Query = Record<string, string | number | boolean | undefined>;

/** One call: a path below `base` or a full address, and what goes with it. */
export type Call = {
  query?: Query | undefined;
  headers?: Record<string, string>;
  json?: unknown;
  form?: Record<string, string>;
  /** Replaces the body: what is valid only briefly (a passcode, an assertion) is made again for every attempt. */
  fresh?: (now: number) => Pick<Call, 'json' | 'form'>;
  /** A body that is already encoded (multipart); its content-type goes into `headers`. */
  bytes?: Uint8Array;
  /** A POST that only reads may be repeated like a GET; one that creates is never repeated once it may have arrived. */
  reads?: boolean;
  /** Statuses that are answers, not errors, for this call. */
  accept?: readonly number[];
  /** The same for answers that the status alone does not identify. */
  acceptWhere?: (answer: WireResponse) => boolean;
  /** A large answer may come packed, as the caller reads it in slices. */
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
