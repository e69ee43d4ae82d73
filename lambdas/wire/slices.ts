import { ReportError } from '../report/errors.ts';
import { unpacked } from './body.ts';
import { parseExactly } from './exact-json.ts';
import { ArrayCutter, NotOneList } from './json-array.ts';
import { decoderOf } from './parse.ts';

/**
 * Yields the entries of the array at `at` in a packed answer, a few dozen at a time; returns what is around it, with
 * the array empty. Errors: `VendorContractError` for malformed JSON, even after entries that were yielded already.
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
    // The message of `JSON.parse` quotes the answer.
    const fault = error instanceof NotOneList ? `not one list (${error.message})` : 'not JSON';
    throw new ReportError('VendorContractError', `${where}: the answer is ${fault}`);
  }
}

function arrayOf(entries: string): unknown[] {
  const parsed = parseExactly(`[${entries}]`);
  if (!Array.isArray(parsed)) throw new SyntaxError('entries that are no array');
  return parsed;
}
