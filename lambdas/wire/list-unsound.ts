import { ReportError } from '../report/errors.ts';

/** A list that cannot have been read right: read again once, then an error. */
export class ListUnsound extends ReportError {
  constructor(where: string, what: string) {
    super('VendorContractError', `${where}: ${what}`);
  }
}
