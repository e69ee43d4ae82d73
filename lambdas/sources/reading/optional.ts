import { isReportError } from '../../report/errors.ts';

/**
 * What is read beside the lines and that they do not depend on; undefined if the PSA does not give it, and `refused` is
 * told why.
 * Errors: those that condemn every other call too, such as refused credentials.
 */
export async function optional<T>(read: () => Promise<T>, refused: (why: string) => void): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!isReportError(error) || error.wide) throw error;
    refused(error.message);
    return undefined;
  }
}
