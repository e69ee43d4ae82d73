import type { Query } from '../wire/call.ts';
import { type ApiDeclaration, RequestPath } from '../wire/request.ts';
import { type NamedRight, type OpenRight, type RightChecked, tryRights } from '../wire/rights.ts';
import type { Session } from '../wire/session.ts';
import { VendorApi } from './vendor-api.ts';

/** One right that the credentials need. */
export type Right<S> = NamedRight & {
  /** The cheapest read-only call that needs it: one row, if possible. Rejects like the request path. */
  check: (api: VendorApi, settings: S) => Promise<unknown>;
};

/** A right that reading lists proves; `query` limits each to one row, if it has pages. */
export const sees = (
  right: string,
  where: string,
  paths: string | readonly string[],
  query: Query = {},
): Right<unknown> => ({
  ...{ right, where },
  check: async (api) => {
    for (const path of [paths].flat()) await api.send('GET', path, { query });
  },
});

/** What has rights to check: an API and the rights that it needs. */
type Opened = { api: ApiDeclaration; rights: readonly OpenRight<VendorApi>[] };

/** Checks the rights of an opened integration one after the other. Errors: those that are not refusals. */
export const checkRights = ({ api, rights }: Opened, session: Session): AsyncGenerator<RightChecked> =>
  tryRights(rights, new VendorApi(new RequestPath(api, session)));
