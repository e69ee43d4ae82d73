import { ReportError } from '../report/errors.ts';
import { unpacked } from './body.ts';
import { parseExactly } from './exact-json.ts';
import { ArrayCutter, NotOneList } from './json-array.ts';
import { decoderOf } from './parse.ts';

/**
 * The entries of the array at `at` of a packed answer, some dozens at a time; returns what lies around it, with the array empty.
 * Errors: `VendorContractError` for what is not JSON, also behind entries that were handed on already.
 */
export async function* slicesOf(
  packed: Uint8Array[],
  contentType: string | undefined,
  at: readonly string[],
  where: string,
): AsyncGenerator<unknown[], unknown> {
  const decode = decoderOf(contentType, where);
  const cutter = new ArrayCutter(at);
  try {
    for await (const bytes of unpacked(packed)) {
      for (const entries of cutter.take(decode(bytes, { stream: true }))) yield arrayOf(entries);
    }
    for (const entries of cutter.take(decode())) yield arrayOf(entries);
    return parseExactly(cutter.end());
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // The words of `JSON.parse` quote the answer.
    const fault = error instanceof NotOneList ? `not one list (${error.message})` : 'not JSON';
    throw new ReportError('VendorContractError', `${where}: the answer is ${fault}`);
  }
}

function arrayOf(entries: string): unknown[] {
  const parsed = parseExactly(`[${entries}]`);
  if (!Array.isArray(parsed)) throw new SyntaxError('entries that are no array');
  return parsed;
}
