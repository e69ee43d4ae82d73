import * as z from 'zod/mini';
import { describeIssue } from '../report/describe-issue.ts';
import { ReportError } from '../report/errors.ts';
import { guardSize, sampleOf } from './answer-size.ts';
import { parseExactly } from './exact-json.ts';
import { isWebPage, webPageCame } from './excerpt.ts';

/**
 * Decodes an answer strictly and parses it as JSON; whole numbers beyond 2^53 come as text.
 * Errors: `VendorContractError`, naming what came instead.
 */
export function parseJson(body: Uint8Array, contentType: string | undefined, where: string): unknown {
  guardSize(body, where);
  const text = decoderOf(contentType, where)(body);
  if (text.trim() === '')
    throw new ReportError('VendorContractError', `${where}: the answer is empty, but JSON was expected`);
  try {
    return parseExactly(text);
  } catch {
    const isPage = isWebPage({ headers: contentType === undefined ? {} : { 'content-type': contentType }, body });
    const what = isPage ? webPageCame() : `the answer is not JSON (${body.byteLength} bytes)`;
    throw new ReportError('VendorContractError', `${where}: ${what}`);
  }
}

/** Decodes bytes, or pieces of them in their order, the last one without `stream`. Errors: `VendorContractError`. */
export function decoderOf(
  contentType: string | undefined,
  where: string,
): (bytes?: Uint8Array, options?: { stream: true }) => string {
  const charset = /charset="?([\w-]+)/iu.exec(contentType ?? '')?.[1] ?? 'utf-8';
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  return (bytes, options) => {
    try {
      decoder ??= new TextDecoder(charset, { fatal: true });
      return decoder.decode(bytes, options);
    } catch {
      throw new ReportError('VendorContractError', `${where}: the answer is not readable as ${charset} text`);
    }
  };
}

/**
 * Checks `value` against `schema`. Errors: `VendorContractError` with the paths at fault and the fields seen, never
 * values.
 */
export function conform<T>(schema: z.ZodMiniType<T>, value: unknown, where: string): T {
  const sample = sampleOf(value, where);
  if (sample !== value) check(schema, sample, where);
  return check(schema, value, where);
}

function check<T>(schema: z.ZodMiniType<T>, value: unknown, where: string): T {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  const faults = result.error.issues.slice(0, 3).map((issue) => describeIssue(issue, value));
  const more = result.error.issues.length > 3 ? ` (and ${result.error.issues.length - 3} more)` : '';
  throw new ReportError('VendorContractError', `${where}: ${faults.join('; ')}${more}`);
}
