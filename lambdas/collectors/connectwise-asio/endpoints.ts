import * as z from 'zod/mini';
import { anyId } from '../../counting/ids.ts';
import { aside, figure } from '../../counting/row-forms.ts';
import { isRecord } from '../../report/record.ts';
import { filled, maybe } from '../../wire/forms.ts';
import { inSlices, LINK_HEADER, link } from '../../wire/list-paging.ts';
import { list, type RowOf } from '../../wire/lists.ts';

const id = z.pipe(anyId, filled);

/** A device, under the names of version 1. */
export const endpoint = {
  endpointId: figure(id),
  /** Either may be missing or blank: such devices belong to nobody yet. */
  clientId: figure(maybe(anyId)),
  siteId: figure(maybe(anyId)),
  /** Empty if the vendor has none. */
  endpointType: figure(z.nullable(z.string())),
  name: aside(z.string()),
};

/** The casing of member names differs from route to route. */
const SPELLINGS = new Map([
  ['endpointid', 'endpointId'],
  ['clientid', 'clientId'],
  ['companyid', 'clientId'],
  ['siteid', 'siteId'],
  ['endpointtype', 'endpointType'],
  ['friendlyname', 'name'],
  ['devicename', 'name'],
]);

/** The fields of a raw device or group, under those names; undefined for anything that is not an object. */
export function spelled(raw: unknown): Record<string, unknown> | undefined {
  if (!isRecord(raw)) return undefined;
  const members: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(raw)) {
    const usual = SPELLINGS.get(name.toLowerCase());
    if (usual !== undefined) members[usual] ??= value;
  }
  return members;
}

const linked = link('endpoints', LINK_HEADER);

/**
 * Every device of the partner in one list (version 1). It comes in one answer, which must arrive within one lifetime:
 * after a pause, all of it is requested again.
 */
export const allEndpoints = list(
  '/api/platform/v1/device/endpoints',
  endpoint,
  inSlices({ ...linked, rowsOf: (answer) => linked.rowsOf(answer).map((raw) => spelled(raw) ?? raw) }),
  { key: 'endpointId' },
);
export type Endpoint = RowOf<typeof allEndpoints>;
