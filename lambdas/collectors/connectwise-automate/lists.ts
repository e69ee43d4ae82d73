import * as z from 'zod/mini';
import { anyId } from '../../counting/ids.ts';
import { aside, figure, itself, owner, Unread } from '../../counting/row-forms.ts';
import { words } from '../../counting/words.ts';
import { maybe } from '../../wire/forms.ts';
import { pages } from '../../wire/list-paging.ts';
import { list, type RowOf } from '../../wire/lists.ts';

/** No total and no link: only an empty page is the end, because a server may cap pages below what was asked for. */
const paged = (...fields: string[]) =>
  pages('', {
    page: ['page', 1],
    size: ['pageSize', 1000],
    // Servers that do not know `includeFields` send whole records, which can be read too.
    query: { orderBy: 'Id asc', includeFields: fields.join() },
    until: 'empty',
  });
export const clients = list('/Clients', { Id: itself(anyId), Name: aside(z.string()) }, paged('Id', 'Name'), {
  key: 'Id',
});
const maybeText = figure(maybe(z.string()));
const computer = {
  Id: anyId,
  Client: z.object({ Id: owner(anyId) }),
  Type: maybeText,
  OperatingSystemName: maybeText,
  ComputerName: aside(z.string()),
};
export const computers = list('/Computers', computer, paged(...Object.keys(computer)), { key: 'Id' });

const typeOf = words('type', { workstations: ['Workstation'], servers: ['Server'] });

/** No enumeration in the API: some agents have no type, and then the operating system says what they are. */
export function columnOf({ Type, OperatingSystemName }: RowOf<typeof computers>) {
  if (Type instanceof Unread) return Type;
  const type = typeOf(Type);
  if (typeof type === 'string') return type;
  if (OperatingSystemName instanceof Unread) return OperatingSystemName;
  return OperatingSystemName?.toLowerCase().includes('server') ? 'servers' : 'unclassified';
}
