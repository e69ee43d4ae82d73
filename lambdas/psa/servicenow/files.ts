import * as z from 'zod/mini';
import type { Api } from '../../wire/api.ts';
import { numberLike } from '../../wire/forms.ts';
import { type Maker, makeFile } from '../delivery/making.ts';
import type { Attached } from '../delivery/operations.ts';
import type { DeliveryFile } from '../delivery/order.ts';
import { Made, value } from './table.ts';

/** More than a ticket of ours will ever hold. */
const ATTACHMENTS_LISTED = 1000;

const REMEDY =
  'the user must see the ticket and may attach to it (glide.attachment.role), and files of this kind must be allowed (glide.attachment.extensions)';

const Attachments = z.object({
  result: z.array(
    z.object({
      sys_id: z.string(),
      table_name: z.string(),
      table_sys_id: z.string(),
      file_name: z.string(),
      size_bytes: z.optional(numberLike),
    }),
  ),
});

export async function readAttachments(api: Api, table: string, ticketId: string): Promise<Attached[]> {
  const query = {
    sysparm_query: `table_name=${table}^table_sys_id=${value(ticketId)}`,
    sysparm_limit: ATTACHMENTS_LISTED,
  };
  const { result } = await api.get('/api/now/attachment', { query, schema: Attachments });
  return result
    .filter(({ table_name, table_sys_id }) => table_name === table && table_sys_id === ticketId)
    .map(({ file_name, size_bytes }) => ({ name: file_name, size: size_bytes }));
}

export async function attachFile(maker: Maker, table: string, ticketId: string, file: DeliveryFile): Promise<void> {
  const call = {
    query: { table_name: table, table_sys_id: ticketId, file_name: file.name },
    bytes: file.bytes,
    // ServiceNow may hold the type against the extension, and knows it without its parameters.
    headers: { 'content-type': file.contentType.replace(/;.*$/su, '') },
    accept: [400, 403, 404],
  };
  await makeFile(maker, file, '/api/now/attachment/file', call, { made: Made, remedy: REMEDY });
}
