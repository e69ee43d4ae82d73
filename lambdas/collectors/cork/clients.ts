import type { Reading } from '../../counting/facts.ts';
import { find, type GuessedRow, has, textOf } from '../../counting/guessed-row.ts';
import type { Verbs } from '../../counting/verbs.ts';
import type { listsBy } from './lists.ts';

type Names = Record<'clientName' | 'warrantyStatus', readonly string[]>;

/**
 * Lists the clients with their warranty status; returns their uuids as Cork writes them, by id. `partner`: those of one
 * partner.
 */
export async function* readClients(
  { read, customer, text, gap }: Verbs<'status'>,
  { clients, idOf }: Pick<ReturnType<typeof listsBy>, 'clients' | 'idOf'>,
  { clientName, warrantyStatus }: Names,
  partner: string | undefined,
): Reading<ReadonlyMap<string, string>> {
  const listed: GuessedRow[] = [];
  yield* read({ ...clients, query: { show_hidden: false, partner_uuid: partner } }, (row) => {
    listed.push(row);
    const id = idOf(row).toLowerCase();
    const status = find(row, warrantyStatus);
    const name = find(row, clientName);
    const listing = customer(id, typeof name === 'string' ? name : undefined);
    if (status === undefined) return [listing, gap(id, 'status', 'Cork gives none', 'excluded')];
    return [listing, typeof status === 'string' ? text(id, 'status', status) : gap(id, 'status', 'it is not a text')];
  });
  for (const names of [clientName, warrantyStatus]) refuseRenamed(listed, names);
  return new Map(listed.map(idOf).map((uuid) => [uuid.toLowerCase(), uuid]));
}

/**
 * If no client has a field, it was renamed; if only some lack it, they do not have it. Errors: `VendorContractError`.
 */
function refuseRenamed(clients: readonly GuessedRow[], names: readonly string[]): void {
  const [first] = clients;
  if (first === undefined || clients.some((row) => has(row, names))) return;
  textOf(first, names, 'Cork client');
}
