import * as z from 'zod/mini';
import { find, GuessedRow, textOf } from '../../counting/guessed-row.ts';
import type { VendorApi } from '../../counting/vendor-api.ts';
import type { CountedUnit } from '../../counting/verbs.ts';
import { guessedPages } from '../../wire/guessed-paging.ts';
import { type ListOf, listOf } from '../../wire/lists.ts';
import { guesses } from '../../wire/options.ts';

/** The paths are documented, the fields of a row are not. */
export const members = guesses(
  {
    id: ['uuid', 'id'],
    clientName: ['name', 'display_name', 'client_name', 'company_name'],
    warrantyStatus: ['warranty_status', 'warrantyStatus'],
    inboxType: ['inbox_type', 'type', 'mailbox_type', 'is_shared', 'shared', 'kind'],
  },
  'names of the fields of a row',
);

/** Only for people: the name of a device or an inbox. */
const UNIT_NAMES = ['hostname', 'email', 'address', 'name', 'display_name'];

const perPage = 100;

/** The lists of a collection; `id`: possible names of the field that identifies a row. */
export function listsBy(id: readonly string[]) {
  const pagesOf = guessedPages({ at: ['data'], total: ['total'], page: ['page', 1], size: ['page_size', perPage] });
  const idOf = (row: GuessedRow): string => textOf(row, id, 'Cork row (members.id)');
  const listBy = (path: string, kind: string, of?: string): ListOf<GuessedRow> =>
    listOf(path, GuessedRow, pagesOf(kind), {
      ...{ key: idOf, configured: { id: 'members.id' } },
      ...(of === undefined ? {} : { of }),
    });
  return {
    idOf,
    unitOf: (row: GuessedRow): CountedUnit => ({ id: idOf(row), name: String(find(row, UNIT_NAMES) ?? '') }),
    clients: listBy('/clients', 'clients'),
    /** The rows of one client, by its uuid as Cork wrote it. */
    devices: (uuid: string) => listBy(`/clients/${uuid}/devices`, 'devices', uuid),
    inboxes: (uuid: string) => listBy(`/clients/${uuid}/inboxes`, 'inboxes', uuid),
  };
}

const FirstClient = z.object({ data: z.array(GuessedRow) });

/** Reads one client, one of its devices and one inbox, to check the key's rights. */
export async function tryOut(api: VendorApi, id: readonly string[]): Promise<void> {
  const query = { page: 1, page_size: 1 };
  const [client] = (await api.get('/clients', { query, schema: FirstClient })).data;
  if (client === undefined) return;
  const { idOf, devices, inboxes } = listsBy(id);
  for (const { path } of [devices(idOf(client)), inboxes(idOf(client))]) await api.send('GET', path, { query });
}
