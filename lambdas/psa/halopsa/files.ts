import * as z from 'zod/mini';
import type { Api } from '../../wire/api.ts';
import { maybe } from '../../wire/forms.ts';
import { single } from '../../wire/paging.ts';
import { type Maker, makeFile } from '../delivery/making.ts';
import type { Attached } from '../delivery/operations.ts';
import type { DeliveryFile } from '../delivery/order.ts';
import { Made } from './made.ts';

const Attachments = z.object({
  record_count: z.optional(z.int()),
  attachments: z.array(z.object({ id: z.int(), filename: z.string(), filesize: maybe(z.int()) })),
});

export async function readAttachments(api: Api, ticketId: string): Promise<Attached[]> {
  const rows = api.pages(
    '/Attachment',
    { query: { ticket_id: ticketId }, page: Attachments, rows: (page) => page.attachments, key: (row) => row.id },
    single(({ record_count }) => ({ rows: record_count })),
  );
  return Array.fromAsync(rows, ({ filename, filesize }) => ({ name: filename, size: filesize ?? undefined }));
}

export async function attachFile(maker: Maker, ticketId: string, file: DeliveryFile): Promise<void> {
  const id = Number(ticketId);
  const attachment = {
    // The vendor's template names the ticket by the first, its newer clients by the second.
    ticket_id: id,
    faultid: id,
    filename: file.name,
    data_base64: Buffer.from(file.bytes).toString('base64'),
    isimage: false,
    showforusers: false,
  };
  await makeFile(maker, file, '/Attachment', { json: [attachment], accept: [400, 413] }, { made: Made });
}
