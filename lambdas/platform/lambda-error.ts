import { isReportError } from '../report/errors.ts';

/**
 * A state holds 262,144 bytes and the message of every failed integration, nineteen at worst, with quotation marks
 * escaped twice, so long ones are cut. The function's own log has them in full.
 */
const LONGEST_MESSAGE_BYTES = 4000;

/**
 * The error that leaves a Lambda: Lambda reports its `name` as errorType, which Retry and Catch match, and its message.
 * The stack is reduced to the name, because it would travel in the state without helping the reader. Names that are not
 * ours are kept.
 */
export function lambdaError(error: unknown, clean: (text: string) => string = (text) => text): Error {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const outgoing = new Error(cut(clean(isReportError(error) ? message : `unexpected fault: ${message}`)));
  outgoing.name = name;
  outgoing.stack = name;
  return outgoing;
}

/** A state's limit is in bytes, not characters. `stream` leaves out a character that the cut would halve. */
function cut(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= LONGEST_MESSAGE_BYTES) return text;
  return `${new TextDecoder().decode(bytes.subarray(0, LONGEST_MESSAGE_BYTES), { stream: true })} … (cut)`;
}
