import { isReportError } from '../report/errors.ts';

/**
 * A state holds 262,144 bytes and carries the message of every integration that failed, nineteen at worst, with quotation marks
 * escaped twice: long ones are cut. The function's own log has them whole.
 */
const LONGEST_MESSAGE_BYTES = 4000;

/**
 * What leaves a Lambda: Lambda reports an error's `name` as errorType, which Retry and Catch match, and its message. The stack is
 * reduced to the name, because it would travel in the state and says nothing to the reader. Names that are not ours are kept.
 */
export function lambdaError(error: unknown, clean: (text: string) => string = (text) => text): Error {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const told = new Error(cut(clean(isReportError(error) ? message : `unexpected fault: ${message}`)));
  told.name = name;
  told.stack = name;
  return told;
}

/** Bytes, not characters, are what a state counts. `stream` leaves out a character that the cut would halve. */
function cut(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= LONGEST_MESSAGE_BYTES) return text;
  return `${new TextDecoder().decode(bytes.subarray(0, LONGEST_MESSAGE_BYTES), { stream: true })} … (cut)`;
}
