import { isReportError } from '../../report/errors.ts';

/**
 * Reads something that the lines do not depend on; undefined if the PSA does not give it, and `refused` gets the
 * reason. Errors: those that every other call would meet too, such as refused credentials.
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
