import * as z from 'zod/mini';
import { ReportError } from '../../report/errors.ts';
import { attachable } from './attachable.ts';
import type { Marker, Markers } from './marker.ts';
import { type Attached, CANNOT_TELL, type OpenPsa } from './operations.ts';
import type { DeliveryFile } from './order.ts';
import { attempt, lookUntil, withoutPause, worthRepeating } from './unknown.ts';

/** Times that one file is sent: once, and once more when it did not arrive. */
const SENDS = 2;

type Ticket = { ticketId: string; created?: boolean };

/** What became of one file. `name`: its name at the PSA. */
export type FileOutcome = { name: string; state: 'attached' | 'too-large'; compressed: boolean };

/** `attached`: every file is on the ticket. */
export type FilesAttached = { attached: boolean; files: FileOutcome[] };

const RecordedFiles = z.object({
  attached: z.boolean(),
  files: z.array(z.object({ name: z.string(), state: z.enum(['attached', 'too-large']), compressed: z.boolean() })),
});

/**
 * Attaches what the ticket does not hold yet, and reads the list back. Files above the PSA's limit go gzipped; what is
 * too large even then is left out and reported so: the ticket's text says where it is.
 * Errors: `DeliveryError` if the PSA holds a file that is not the one sent; those of the request path.
 */
export function attachFiles(
  psa: OpenPsa,
  ticket: Ticket,
  files: readonly DeliveryFile[],
  markers: Markers,
): Promise<FilesAttached> {
  return withoutPause(psa, async () => {
    const prepared = files.map((file) => attachable(file, psa.attachmentLimit));
    const wanted = prepared.flatMap(({ file }) => file ?? []);
    const marker = markers('attachments', ticket.ticketId, ...wanted.map(({ name }) => name));
    const recorded = z.safeParse(RecordedFiles, await marker.recorded());
    if (recorded.success) return recorded.data;

    await attachMissing(psa, ticket, wanted, marker);
    const outcomes = prepared.map(
      ({ file, original, compressed }): FileOutcome => ({
        name: file?.name ?? original,
        state: file === undefined ? 'too-large' : 'attached',
        compressed,
      }),
    );
    const result = { attached: outcomes.every(({ state }) => state === 'attached'), files: outcomes };
    await marker.record(result);
    return result;
  });
}

async function attachMissing(
  psa: OpenPsa,
  ticket: Ticket,
  wanted: readonly DeliveryFile[],
  marker: Marker,
): Promise<void> {
  if (wanted.length === 0) return;
  const seen = await look(psa, ticket, wanted);
  const missing = await decide(psa, ticket, wanted, seen, marker);
  for (const file of missing) await upload(psa, ticket, file);
  if (missing.length > 0) await confirm(psa, ticket, wanted);
}

/** What a ticket shows of the files wanted: which it lacks, and a copy of another size, which must not be used. */
type Seen = typeof CANNOT_TELL | { missing: readonly DeliveryFile[]; spoiled: ReportError | undefined };

async function look(psa: OpenPsa, { ticketId, created }: Ticket, wanted: readonly DeliveryFile[]): Promise<Seen> {
  const held = await psa.attachments(ticketId, created);
  if (held === CANNOT_TELL) return held;
  const [spoiled] = wanted.flatMap((file) => spoiledCopy(psa, ticketId, file, held) ?? []);
  return { missing: wanted.filter((file) => !held.some((attached) => isThis(attached, file))), spoiled };
}

const isComplete = (seen: Seen): boolean =>
  seen !== CANNOT_TELL && seen.missing.length === 0 && seen.spoiled === undefined;

/**
 * The files that must be uploaded. Errors: `DeliveryError` if an earlier attempt may have attached them and nobody can
 * say.
 */
async function decide(
  psa: OpenPsa,
  ticket: Ticket,
  wanted: readonly DeliveryFile[],
  seen: Seen,
  marker: Marker,
): Promise<readonly DeliveryFile[]> {
  if (isComplete(seen)) return [];
  // Made by this run, with its files: they appear together or not at all.
  if (seen === CANNOT_TELL && psa.carriesFiles === true && ticket.created === true) return [];
  const isFirst = await marker.begin();
  const mayArrive = !isFirst || psa.carriesFiles === true;
  const settled = mayArrive ? await lookUntil(psa, () => look(psa, ticket, wanted), isComplete) : seen;
  if (settled !== CANNOT_TELL) {
    if (settled.spoiled !== undefined) throw settled.spoiled;
    return settled.missing;
  }
  // Nobody tried before, so what cannot be listed was not attached by us.
  if (isFirst) return wanted;
  throw unknownWhether(psa, ticket, wanted);
}

async function upload(psa: OpenPsa, ticket: Ticket, file: DeliveryFile): Promise<void> {
  for (let sends = 1; ; sends += 1) {
    const outcome = await attempt(() => psa.attach(ticket.ticketId, file));
    if ('done' in outcome) return;
    const isListed = (seen: Seen) => seen !== CANNOT_TELL && seen.missing.length === 0;
    const seen = await lookUntil(psa, () => look(psa, ticket, [file]), isListed);
    if (isListed(seen)) return;
    if (seen === CANNOT_TELL) throw unknownWhether(psa, ticket, [file]);
    if (sends >= SENDS || !worthRepeating(outcome.unknown)) throw outcome.unknown;
  }
}

/** The PSA took the files and may list them late: waits, then says what is wrong. */
async function confirm(psa: OpenPsa, ticket: Ticket, wanted: readonly DeliveryFile[]): Promise<void> {
  const seen = await lookUntil(
    psa,
    () => look(psa, ticket, wanted),
    (now) => now === CANNOT_TELL || now.spoiled !== undefined || now.missing.length === 0,
  );
  if (seen === CANNOT_TELL) return;
  if (seen.spoiled !== undefined) throw seen.spoiled;
  const [lost] = seen.missing;
  if (lost === undefined) return;
  throw new ReportError(
    'DeliveryError',
    `${psa.name} accepted ${lost.name} for ticket ${ticket.ticketId}, but does not list it; attach it by hand`,
  );
}

const unknownWhether = (psa: OpenPsa, { ticketId }: Ticket, files: readonly DeliveryFile[]): ReportError =>
  new ReportError(
    'DeliveryError',
    `${files.map(({ name }) => name).join(' and ')} may or may not be attached to ticket ${ticketId}, and ${psa.name} ` +
      'cannot say; look at the ticket and attach by hand what is missing',
  );

/** Never throws: whatever else the ticket holds, a person must remove a copy of another size. */
function spoiledCopy(
  psa: OpenPsa,
  ticketId: string,
  file: DeliveryFile,
  held: readonly Attached[],
): ReportError | undefined {
  const copy = held.find((attached) => attached.name === file.name && !isThis(attached, file));
  if (copy === undefined) return undefined;
  return new ReportError(
    'DeliveryError',
    `${psa.name} holds ${file.name} on ticket ${ticketId} with ${copy.size} bytes, but ${file.bytes.byteLength} were sent; ` +
      'do not use it: remove it there, then deliver again under the same run id, or attach the file by hand',
  );
}

const isThis = (held: Attached, file: DeliveryFile): boolean =>
  held.name === file.name && (held.size === undefined || held.size === file.bytes.byteLength);
