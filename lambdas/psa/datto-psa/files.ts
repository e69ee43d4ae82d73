import * as z from 'zod/mini';
import { maybe } from '../../wire/forms.ts';
import type { Choice } from '../delivery/choose.ts';
import { isNumber } from '../delivery/lookup.ts';
import { makeFile } from '../delivery/making.ts';
import type { Attached } from '../delivery/operations.ts';
import type { DeliveryFile } from '../delivery/order.ts';
import type { Autotask } from './autotask.ts';
import { type Datto, inTheNameOf, Made, setting } from './settings.ts';

const REMEDY =
  'correct what it names, or wait five minutes if too much was attached, and deliver again under the same run id, or attach it by hand';

const Attachment = z.object({ id: z.int(), title: z.string(), fileSize: maybe(z.number()) });

const pathOf = (ticketId: string): string => `Tickets/${ticketId}/Attachments`;

export const readAttachments = (zone: Autotask, ticketId: string): Promise<Attached[]> =>
  Array.fromAsync(zone.list('GET', pathOf(ticketId), Attachment), ({ title, fileSize }) => ({
    name: title,
    size: fileSize ?? undefined,
  }));

/** Who sees attachments. A number is sent unchanged; a label needs Autotask's list. */
export const audience = async ({ api, settings: { publish } }: Datto): Promise<Choice['id']> =>
  isNumber(publish) ? Number(publish) : (await setting(api, 'publish', publish, 'TicketAttachments')).id;

export async function attachFile(
  desk: Datto,
  publish: Choice['id'],
  ticketId: string,
  file: DeliveryFile,
): Promise<void> {
  const json = {
    id: 0,
    attachmentType: 'FILE_ATTACHMENT',
    title: file.name,
    fullPath: file.name,
    publish,
    data: Buffer.from(file.bytes).toString('base64'),
  };
  const call = { json, ...inTheNameOf(desk) };
  await makeFile(desk, file, pathOf(ticketId), call, { made: Made, remedy: REMEDY });
}
