import * as z from 'zod/mini';
import { isReportError } from '../../report/errors.ts';
import type { Api } from '../../wire/api.ts';
import { maybe } from '../../wire/forms.ts';
import { byToken } from '../../wire/paging.ts';
import { RefusedAnswer } from '../../wire/refused-answer.ts';
import { type Maker, makeFile } from '../delivery/making.ts';
import { multipart } from '../delivery/multipart.ts';
import { type Attached, CANNOT_TELL } from '../delivery/operations.ts';
import type { DeliveryFile } from '../delivery/order.ts';

const COMMENTS = 500;

const text = maybe(z.string());
const Comments = z.array(z.object({ id: z.int(), body: text, htmlBody: text }));

/** Comments do not list their files: what came with one is in its text, in characters that nothing escapes. */
const MARK = /\[billing-count file=(\S+) size=(\d+)\]/u;
const markOf = ({ name: file, bytes }: DeliveryFile) =>
  `[billing-count file=${encodeURIComponent(file).replace(/['()*~!]/gu, (sign) => `%${sign.charCodeAt(0).toString(16)}`)} size=${bytes.byteLength}]`;

function attachedBy(words: string | null | undefined): Attached[] {
  const [, file, size] = MARK.exec(words ?? '') ?? [];
  if (file === undefined) return [];
  try {
    return [{ name: decodeURIComponent(file), size: Number(size) }];
  } catch {
    return [];
  }
}

/** NinjaOne long answered HTTP 500 here to the token of an application; then the files are not known. */
export async function readAttachments(api: Api, ticketId: string): Promise<Attached[] | typeof CANNOT_TELL> {
  const rows = api.pages(
    `/v2/ticketing/ticket/${ticketId}/log-entry`,
    { page: Comments, rows: (page) => page, key: (entry) => entry.id },
    byToken<z.output<typeof Comments>>({
      param: 'anchorId',
      query: { type: 'COMMENT', pageSize: COMMENTS },
      next: (page) => (page.length < COMMENTS ? undefined : page.at(-1)?.id),
    }),
  );
  try {
    return (await Array.fromAsync(rows)).flatMap(({ body, htmlBody }) =>
      [...attachedBy(body), ...attachedBy(htmlBody)].slice(0, 1),
    );
  } catch (error) {
    if (isReportError(error, 'VendorUnavailableError') || error instanceof RefusedAnswer) return CANNOT_TELL;
    throw error;
  }
}

export async function attachFile(maker: Maker, ticketId: string, file: DeliveryFile): Promise<void> {
  const comment = { public: false, body: `Attached: ${markOf(file)}` };
  const form = multipart([
    // Without its own type this part is refused.
    { name: 'comment', value: JSON.stringify(comment), contentType: 'application/json' },
    { name: 'files', file },
  ]);
  const path = `/v2/ticketing/ticket/${ticketId}/comment`;
  await makeFile(maker, file, path, { ...form, accept: [400] });
}
