import { type ListPaging, link } from '../../wire/list-paging.ts';

/** Pages of any list of Microsoft Graph, `most` rows each if the list is known to accept a size. */
export const graphPages = (most?: number): ListPaging =>
  link('value', ['@odata.nextLink'], most === undefined ? {} : { query: { $top: most } });
