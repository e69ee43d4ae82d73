import type { Query } from '../wire/call.ts';
import { RequestPath } from '../wire/request.ts';
import { type NamedRight, type RightChecked, tryRights } from '../wire/rights.ts';
import type { Session } from '../wire/session.ts';
import type { Opened } from './vendor.ts';
import { VendorApi } from './vendor-api.ts';

/** One thing that the credentials must be allowed to do. */
export type Right<S> = NamedRight & {
  /** The cheapest harmless call that needs it: one row, if it can be. Rejects as the request path does. */
  check: (api: VendorApi, settings: S) => Promise<unknown>;
};

/** A right that lists show; `query` asks for one row of each, where they have pages. */
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

/** Tries the rights of an opened integration one after the other. Errors: what is no refusal. */
export const checkRights = ({ api, rights }: Opened, session: Session): AsyncGenerator<RightChecked> =>
  tryRights(rights, new VendorApi(new RequestPath(api, session)));
