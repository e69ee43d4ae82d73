import { isRecord } from '../../report/record.ts';
import type { Classify } from '../../wire/classify.ts';
import type { WireResponse } from '../../wire/transport.ts';

const LARGEST_SENTENCE = 10_000;
const MEMBERS = ['error', 'message', 'description'];

/** The text of an answer; empty if it is anything else. */
function sentencesIn(body: unknown): string[] {
  if (!isRecord(body) || Object.values(body).some((value) => typeof value === 'object' && value !== null)) return [];
  return MEMBERS.flatMap((name) => (typeof body[name] === 'string' ? [body[name].trim().toLowerCase()] : []));
}

/** The documented words, with HTTP 404, for "no devices" and "no more devices". Any other 404 is an error. */
export const saysNothing = (body: unknown): boolean => sentencesIn(body).includes('resource not found');

export const isNothing = (answer: WireResponse): boolean => answer.status === 404 && saysNothing(parsed(answer));

/** A sentence is not a list, whatever its status: with 200 it could look like an empty one. */
export const refuseSentence: Classify = (answer) =>
  answer.status === 200 && sentencesIn(parsed(answer)).length > 0 ? { verdict: 'unexpected' } : undefined;

function parsed({ body }: WireResponse): unknown {
  if (body.byteLength > LARGEST_SENTENCE) return undefined;
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return undefined;
  }
}
