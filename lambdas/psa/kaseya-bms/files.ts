import * as z from 'zod/mini';
import type { Api } from '../../wire/api.ts';
import { maybe } from '../../wire/forms.ts';
import { type Maker, makeFile } from '../delivery/making.ts';
import { multipart } from '../delivery/multipart.ts';
import type { DeliveryFile } from '../delivery/order.ts';
import type { Attached } from '../delivery/psa.ts';
import { refusedFile } from '../delivery/refused.ts';
import { twiceIfNeedBe } from '../delivery/unknown.ts';
import { unlessUnserved } from '../delivery/unserved.ts';
import { answered, enveloped, isRefusal, listRows } from './envelope.ts';

const MODULE_HELP = 'ticketModuleId in secrets/kaseya-bms.json must be the module of tickets in this tenant';

const Attachment = z.object({ id: z.int(), originalfilename: maybe(z.string()) });
const Deposited = answered(z.object({ name: z.string(), alias: z.string(), isuploadedtoblob: maybe(z.boolean()) }));

type ModuleId = string | number;

export async function readAttachments(api: Api, module: ModuleId, ticketId: string): Promise<Attached[]> {
  const path = `/v2/system/attachments/${module}/${ticketId}`;
  const rows = await Array.fromAsync(listRows(api, path, Attachment, {}, 'short'));
  return rows.flatMap(({ originalfilename: name }) => (typeof name === 'string' ? [{ name }] : []));
}

export async function attachFile(maker: Maker, module: ModuleId, ticketId: string, file: DeliveryFile): Promise<void> {
  const call = { ...multipart([{ name: 'formFile', file }]), accept: [400, 404] };
  const path = `/v2/system/attachments/${module}/${ticketId}`;
  await makeFile({ ...maker, isRefusal }, file, path, call, { made: enveloped(z.unknown()), remedy: MODULE_HELP });
}

/** Uploads a file that a ticket yet to be made will take; one that no ticket takes is seen by nobody. */
async function deposit(maker: Maker, module: ModuleId, file: DeliveryFile): Promise<Record<string, unknown>> {
  const { name, api, session, habits } = maker;
  const path = `/v2/system/attachments/${module}`;
  const call = { ...multipart([{ name: 'File', file }]), reads: true, accept: [400] };
  const answer = await api.send('POST', path, call);
  if (answer.status === 400 || isRefusal(answer)) throw refusedFile(name, file, answer, session, MODULE_HELP, habits);
  const { name: stored, alias, isuploadedtoblob } = api.parse(answer, Deposited, 'POST', path);
  return { Name: stored, Alias: alias, IsUploadedToBlob: isuploadedtoblob ?? null };
}

/** Files that go along are a convenience: where BMS takes none that way, they are attached to the ticket afterwards. */
export async function deposited(
  maker: Maker,
  module: ModuleId,
  files: readonly DeliveryFile[],
): Promise<Record<string, unknown>> {
  const deposits = await unlessUnserved(() =>
    Array.fromAsync(files, (file) => twiceIfNeedBe(() => deposit(maker, module, file))),
  );
  return deposits === undefined || deposits.length === 0 ? {} : { TempAttachments: deposits };
}
