import * as z from 'zod/mini';
import { ReportError } from '../report/errors.ts';
import type { Api } from '../wire/api.ts';
import { anonymous } from '../wire/auth.ts';
import type { Redactor } from '../wire/redact.ts';
import type { MailFile } from './route.ts';

/** A file of this size or more is uploaded in pieces; Graph refuses an upload session for a smaller one. */
const SMALLEST_UPLOAD_BYTES = 3_000_000;
/** Pieces of at most 4 MB, in multiples of 320 KiB. */
const PIECE_BYTES = 3_276_800;

const Attached = z.object({ id: z.string() });
const UploadSession = z.object({ uploadUrl: z.url() });

/** Attaches each file to a draft. Errors: those of the request path. */
export async function uploadFiles(api: Api, draft: string, files: readonly MailFile[], redactor: Redactor) {
  for (const file of files) {
    if (file.bytes.byteLength < SMALLEST_UPLOAD_BYTES) await attach(api, draft, file);
    else await upload(api, draft, file, redactor);
  }
}

const attach = (api: Api, draft: string, { name, contentType, bytes }: MailFile) =>
  api.post(`${draft}/attachments`, {
    json: {
      '@odata.type': '#microsoft.graph.fileAttachment',
      name,
      contentType,
      contentBytes: Buffer.from(bytes).toString('base64'),
    },
    schema: Attached,
  });

/** The address of an upload session is a credential itself, so no other is sent along. */
async function upload(api: Api, draft: string, { name, contentType, bytes }: MailFile, redactor: Redactor) {
  const size = bytes.byteLength;
  const { uploadUrl } = await api.post(`${draft}/attachments/createUploadSession`, {
    json: { AttachmentItem: { attachmentType: 'file', name, size, contentType } },
    schema: UploadSession,
  });
  redactor.hide([...new URL(uploadUrl).searchParams.values(), new URL(uploadUrl).pathname]);
  const open = api.with({ auth: anonymous });
  for (let from = 0; from < size; from += PIECE_BYTES) {
    const until = Math.min(from + PIECE_BYTES, size);
    const { status } = await open.send('PUT', uploadUrl, {
      bytes: bytes.subarray(from, until),
      headers: { 'content-type': 'application/octet-stream', 'content-range': `bytes ${from}-${until - 1}/${size}` },
    });
    const expected = until === size ? 201 : 200;
    if (status !== expected) {
      throw new ReportError(
        'VendorContractError',
        `${name}: answered HTTP ${status} to bytes ${from} to ${until} of ${size}, expected ${expected}`,
      );
    }
  }
}
