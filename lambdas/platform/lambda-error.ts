import { isReportError } from '../report/errors.ts';

/**
 * A state holds 262,144 bytes and the message of every failed integration, so long ones are cut. The function's own log
 * has them in full.
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

/** Whole characters, up to the limit. */
function cut(text: string): string {
  let bytes = 0;
  let length = 0;
  for (const character of text) {
    bytes += bytesInState(character);
    if (bytes > LONGEST_MESSAGE_BYTES) return `${text.slice(0, length)} … (cut)`;
    length += character.length;
  }
  return text;
}

/**
 * What a character takes in a state. A message is JSON in the text that Lambda reports, which is JSON in the state: a
 * quotation mark takes four bytes, a control character seven.
 */
const bytesInState = (character: string): number => Buffer.byteLength(inJson(inJson(character)));

/** The text as it stands between the quotation marks of a JSON text. */
const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);
