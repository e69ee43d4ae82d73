import { isReportError } from '../report/errors.ts';

/** A state holds 262,144 bytes and collects a message from each integration: long ones are cut, the log file has them whole. */
const LONGEST_MESSAGE = 4000;

/**
 * What leaves a Lambda: Lambda reports an error's `name` as errorType, which Retry and Catch match, and its message. The stack is
 * reduced to one line, because it would travel in the state and says nothing to the reader. Names that are not ours are kept.
 */
export function lambdaError(error: unknown, clean: (text: string) => string = (text) => text): Error {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const said = clean(isReportError(error) ? message : `unexpected fault: ${message}`);
  const told = new Error(said.length > LONGEST_MESSAGE ? `${said.slice(0, LONGEST_MESSAGE)} … (cut)` : said);
  told.name = name;
  told.stack = `${name}: ${told.message.split('\n', 1)[0]}`;
  return told;
}
