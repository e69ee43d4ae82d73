import * as z from 'zod/mini';
import { maybe } from '../../wire/forms.ts';
import { isSet } from '../delivery/lookup.ts';
import { type Maker, makeFile } from '../delivery/making.ts';
import { multipart } from '../delivery/multipart.ts';
import type { Attached } from '../delivery/operations.ts';
import type { DeliveryFile } from '../delivery/order.ts';
import type { Manage } from './manage.ts';

const Documents = z.array(
  z.object({ id: z.int(), fileName: maybe(z.string()), title: maybe(z.string()), size: maybe(z.int()) }),
);

/** A document is listed by its file name and its title: either can be the name that was sent. */
export async function readAttachments(manage: Manage, recordId: string): Promise<Attached[]> {
  const query = { recordType: 'Ticket', recordId };
  const documents = await Array.fromAsync(manage.list('/system/documents', Documents, query));
  return documents.flatMap(({ fileName, title, size }) =>
    [...new Set([fileName, title])].filter(isSet).map((name) => ({ name, size: size ?? undefined })),
  );
}

export async function attachFile(maker: Maker, ticketId: string, file: DeliveryFile): Promise<void> {
  const form = multipart([
    { name: 'recordType', value: 'Ticket' },
    { name: 'recordId', value: ticketId },
    { name: 'title', value: file.name },
    { name: 'privateFlag', value: 'true' },
    { name: 'readOnlyFlag', value: 'false' },
    { name: 'isAvatar', value: 'false' },
    { name: 'file', file },
  ]);
  const made = z.object({ id: z.int() });
  await makeFile(maker, file, '/system/documents', { ...form, accept: [400, 413, 415] }, { made });
}
