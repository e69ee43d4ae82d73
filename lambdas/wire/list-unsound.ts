import { ReportError } from '../report/errors.ts';

/**
 * Thrown if a list cannot continue after a pause, as its cursor is forgotten or its rows have moved. Not an error: its
 * kept answers are dropped, and it is read from its first page.
 */
export class ListLost {}

/** A list that cannot have been read correctly: read again once, then an error. */
export class ListUnsound extends ReportError {
  constructor(where: string, what: string) {
    super('VendorContractError', `${where}: ${what}`);
  }
}
