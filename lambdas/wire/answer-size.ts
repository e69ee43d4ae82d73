import { ReportError } from '../report/errors.ts';

/**
 * A larger answer is read in slices if possible, and not kept over a pause: either way, all of it at once would take
 * too much memory.
 */
export const LARGE_BYTES = 8 * 1024 * 1024;

/**
 * Parsed, four million values take a few hundred MiB: what a Lambda holds, and what a local run can spare for one
 * vendor.
 */
const MOST_VALUES = 4_000_000;

/** The most entries of a page, or of a list that comes in one answer. */
const MOST_ENTRIES = 200_000;

/** A smaller answer cannot hold too many values. */
const SMALL_BYTES = 1024 * 1024;

/** How many entries of an array represent all of them. */
const SAMPLE = 20;

/** How deep below the top the rows of a page can be. */
const DEPTH = 4;

const [COMMA, BRACE, BRACKET] = [',', '{', '['].map((character) => character.charCodeAt(0));

/**
 * Errors: `VendorContractError` for JSON that would take too much memory when parsed, such as megabytes of `{},{},{},`.
 */
export function guardSize(body: Uint8Array, where: string): void {
  if (body.byteLength < SMALL_BYTES) return;
  let values = 0;
  for (const byte of body) if (byte === COMMA || byte === BRACE || byte === BRACKET) values += 1;
  if (values > MOST_VALUES) refuse(where, `${values} values`, MOST_VALUES);
}

/**
 * The answer with its long arrays cut to their first entries, so that a fault of a page is described for a few rows,
 * not for a million. Returns the answer itself if none of its arrays is long.
 * Errors: `VendorContractError` for an array that is too long.
 */
export function sampleOf(value: unknown, where: string, depth = DEPTH): unknown {
  if (typeof value !== 'object' || value === null || depth === 0) return value;
  if (Array.isArray(value)) {
    if (value.length > MOST_ENTRIES) refuse(where, `an array of ${value.length} entries`, MOST_ENTRIES);
    return value.length > SAMPLE ? value.slice(0, SAMPLE) : value;
  }
  const members = Object.entries(value);
  const samples = members.map(([name, member]) => [name, sampleOf(member, where, depth - 1)] as const);
  return samples.some(([, sample], index) => sample !== members[index]?.[1]) ? Object.fromEntries(samples) : value;
}

function refuse(where: string, found: string, most: number): never {
  throw new ReportError('VendorContractError', `${where}: the answer holds ${found}; at most ${most} are read at once`);
}
