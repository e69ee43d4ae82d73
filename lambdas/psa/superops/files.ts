import * as z from 'zod/mini';
import type { Api } from '../../wire/api.ts';
import { maybe, numberLike } from '../../wire/forms.ts';
import type { Session } from '../../wire/session.ts';
import { multipart, type Part } from '../delivery/multipart.ts';
import { type Attached, CANNOT_TELL } from '../delivery/operations.ts';
import type { DeliveryFile } from '../delivery/order.ts';
import { refusedFile } from '../delivery/refused.ts';
import { twiceIfNeedBe } from '../delivery/unknown.ts';
import { type Graphql, id, name, unlessRefused, wordsOf } from './graphql.ts';

const UPLOAD = '/upload';
const MODULE = 'TICKET_CONVERSATION_ATTACHMENT';

const Noted = z.object({ createTicketNote: z.object({ noteId: id }) });
const Uploaded = z.object({
  data: z.tuple([z.object({ fileName: z.string(), originalFileName: z.string(), fileSize: numberLike })]),
});
const Holder = z.object({
  type: maybe(z.string()),
  attachments: maybe(z.array(z.object({ originalFileName: z.string(), fileSize: numberLike }))),
});
/** Documented as one object in the sample and as a list elsewhere. */
const Holders = z.nullable(z.union([z.array(Holder), Holder]));

/** `created`: this run made the ticket, with its files. */
export async function readAttachments(
  transport: Graphql,
  ticketId: string,
  created: boolean,
): Promise<Attached[] | typeof CANNOT_TELL> {
  const conversations = await holders(transport, 'getTicketConversationList', 'conversationId type', ticketId);
  const notes = await holders(transport, 'getTicketNoteList', 'noteId', ticketId);
  const held = [...(conversations ?? []), ...(notes ?? [])]
    .flatMap(({ attachments }) => attachments ?? [])
    .map(({ originalFileName, fileSize }) => ({ name: originalFileName, size: fileSize }));
  if (held.length > 0) return held;
  // The description, and what came with it, is the first entry of a conversation: without it nothing is known of them.
  const isShown = !created || conversations?.some(({ type }) => type === 'DESCRIPTION') === true;
  return isShown && conversations !== undefined ? held : CANNOT_TELL;
}

/** The attachments of one kind of entry; undefined if SuperOps does not show it. */
async function holders(transport: Graphql, list: string, select: string, ticketId: string) {
  const document = `query($input: TicketIdentifierInput!) { ${list}(input: $input) { ${select} attachments { fileName originalFileName fileSize } } }`;
  const answer = await unlessRefused(() =>
    transport.query(document, { input: { ticketId } }, z.object({ [list]: Holders })),
  );
  return answer === undefined ? undefined : [answer[list] ?? []].flat();
}

/** What takes a file, as a ticket or a note then names it. */
export type Upload = (file: DeliveryFile, ticketId?: string) => Promise<Record<string, string>>;

/**
 * Uploads a file for a ticket yet to be made, or for one that is there. A file that no ticket takes stays invisible.
 */
export const uploads =
  (api: Api, session: Session): Upload =>
  async (file, ticketId) => {
    const parts: Part[] = [
      { name: 'module', value: MODULE },
      ...(ticketId === undefined ? [] : [{ name: 'details', value: JSON.stringify({ ticketId }) }]),
      { name: 'files', file },
    ];
    const answer = await api.send('POST', UPLOAD, { ...multipart(parts), reads: true, accept: [400] });
    const body = answer.status === 400 ? undefined : api.parse(answer, z.looseObject({}), 'POST', UPLOAD);
    if (body === undefined || (Array.isArray(body.errors) && body.errors.length > 0)) {
      throw refusedFile(name, file, answer, session, 'attach it by hand', { read: wordsOf });
    }
    const [{ fileName, originalFileName, fileSize }] = api.check(Uploaded, body, `POST ${UPLOAD}`).data;
    return { fileName, originalFileName, fileSize: String(fileSize) };
  };

export async function attachFile(
  { mutate }: Graphql,
  upload: Upload,
  ticketId: string,
  file: DeliveryFile,
): Promise<void> {
  const attachment = await twiceIfNeedBe(() => upload(file, ticketId));
  const input = { ticket: { ticketId }, content: file.name, attachments: [attachment], privacyType: 'PRIVATE' };
  const document = 'mutation($input: CreateTicketNoteInput!) { createTicketNote(input: $input) { noteId } }';
  await mutate(document, { input }, Noted);
}
