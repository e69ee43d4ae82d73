import * as z from 'zod/mini';
import { maybe } from '../../wire/forms.ts';
import { type Desk, makeFile } from '../delivery/making.ts';
import { multipart } from '../delivery/multipart.ts';
import type { Attached } from '../delivery/operations.ts';
import type { DeliveryFile } from '../delivery/order.ts';
import { refusedFile } from '../delivery/refused.ts';
import { twiceIfNeedBe } from '../delivery/unknown.ts';
import { unlessUnserved } from '../delivery/unserved.ts';
import { answered, enveloped, isRefusal, listRows } from './envelope.ts';

const MODULE_HELP = 'ticketModuleId in secrets/kaseya-bms.json must be the module of tickets in this tenant';

const Attachment = z.object({ id: z.int(), originalfilename: maybe(z.string()) });
const Deposited = answered(z.object({ name: z.string(), alias: z.string(), isuploadedtoblob: maybe(z.boolean()) }));

/** `ticketModuleId` is the number of tickets among the modules that take attachments. */
export type WithModule = { ticketModuleId: string | number };

type Bms = Desk<WithModule>;

const pathOf = ({ settings }: Bms, ticketId = ''): string =>
  `/v2/system/attachments/${settings.ticketModuleId}${ticketId && `/${ticketId}`}`;

export async function readAttachments(desk: Bms, ticketId: string): Promise<Attached[]> {
  const rows = await Array.fromAsync(listRows(desk.api, pathOf(desk, ticketId), Attachment, {}, 'short'));
  return rows.flatMap(({ originalfilename: name }) => (typeof name === 'string' ? [{ name }] : []));
}

export async function attachFile(desk: Bms, ticketId: string, file: DeliveryFile): Promise<void> {
  const call = { ...multipart([{ name: 'formFile', file }]), accept: [400, 404] };
  await makeFile({ ...desk, isRefusal }, file, pathOf(desk, ticketId), call, {
    made: enveloped(z.unknown()),
    remedy: MODULE_HELP,
  });
}

/** Uploads a file that a ticket yet to be made will take; one that no ticket takes is seen by nobody. */
async function deposit(desk: Bms, file: DeliveryFile): Promise<Record<string, unknown>> {
  const { name, api, session, habits } = desk;
  const path = pathOf(desk);
  const call = { ...multipart([{ name: 'File', file }]), reads: true, accept: [400] };
  const answer = await api.send('POST', path, call);
  if (answer.status === 400 || isRefusal(answer)) throw refusedFile(name, file, answer, session, MODULE_HELP, habits);
  const { name: stored, alias, isuploadedtoblob } = api.parse(answer, Deposited, 'POST', path);
  return { Name: stored, Alias: alias, IsUploadedToBlob: isuploadedtoblob ?? null };
}

/** Files that go along are a convenience: where BMS takes none that way, they are attached to the ticket afterwards. */
export async function deposited(desk: Bms, files: readonly DeliveryFile[]): Promise<Record<string, unknown>> {
  const deposits = await unlessUnserved(() =>
    Array.fromAsync(files, (file) => twiceIfNeedBe(() => deposit(desk, file))),
  );
  return deposits === undefined || deposits.length === 0 ? {} : { TempAttachments: deposits };
}
