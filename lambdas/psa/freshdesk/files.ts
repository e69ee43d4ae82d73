import * as z from 'zod/mini';
import { ReportError } from '../../report/errors.ts';
import type { Api } from '../../wire/api.ts';
import { maybe } from '../../wire/forms.ts';
import { type Maker, makeFile } from '../delivery/making.ts';
import { multipart } from '../delivery/multipart.ts';
import type { Attached } from '../delivery/operations.ts';
import type { DeliveryFile } from '../delivery/order.ts';
import { unlessUnserved } from '../delivery/unserved.ts';
import { freshdesk } from './access.ts';
import { formOf } from './form.ts';
import { all } from './lists.ts';

const Files = z.array(z.object({ name: z.string(), size: maybe(z.number()), file_size: maybe(z.number()) }));
const Ticket = z.object({ attachments: Files });
const Conversations = z.array(z.object({ id: z.int(), attachments: maybe(Files) }));

/**
 * Files that came with the ticket, and those of its notes. Errors: `DeliveryError` if Freshdesk does not show the
 * ticket.
 */
export async function readAttachments(api: Api, ticketId: string): Promise<Attached[]> {
  const path = `/tickets/${ticketId}`;
  const answer = await api.send('GET', path, { accept: [404, 405] });
  if (answer.status >= 400) {
    throw new ReportError(
      'DeliveryError',
      `${freshdesk.name} does not show ticket ${ticketId} (HTTP ${answer.status}): it was deleted or marked as spam; restore it there`,
    );
  }
  const { attachments } = api.parse(answer, Ticket, 'GET', path);
  const later = (await unlessUnserved(() => all(api, `${path}/conversations`, Conversations))) ?? [];
  return [...attachments, ...later.flatMap((conversation) => conversation.attachments ?? [])].map(
    ({ name, size, file_size }) => ({ name, size: size ?? file_size ?? undefined }),
  );
}

/** A private note: a reply would be mailed to the requester. */
export async function attachFile(maker: Maker, ticketId: string, file: DeliveryFile): Promise<void> {
  const form = multipart(formOf({ body: '<p>A file of the billing count report.</p>', private: true }, [file]));
  const call = { ...form, accept: [400, 403, 404, 405] };
  const remedy = 'correct what it names, or attach the file by hand';
  await makeFile(maker, file, `/tickets/${ticketId}/notes`, call, { made: z.object({ id: z.int() }), remedy });
}
