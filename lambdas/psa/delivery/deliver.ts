import { gzipSync } from 'node:zlib';
import * as z from 'zod/mini';
import { isReportError, ReportError } from '../../report/errors.ts';
import { Paused } from '../../wire/session.ts';
import type { Marker } from './marker.ts';
import type { DeliveryFile, TicketOrder } from './order.ts';
import { type Attached, CANNOT_TELL, type Desk } from './psa.ts';
import { attempt, lookUntilSettled, withoutPause, worthRepeating } from './unknown.ts';

/** Times that one thing is sent: once, and once more when it certainly did not arrive. */
const SENDS = 2;

/** The run's ticket. `created`: this call made it. */
export type TicketMade = { ticketId: string; ticketUrl: string; created: boolean };

const RecordedTicket = z.object({ ticketId: z.string(), ticketUrl: z.string() });

/**
 * The run's ticket, made at most once however often this is called: recorded, else found by its run key, else created.
 * When the PSA's answer is lost, it is looked up again and created again only if it is certainly not there.
 * Errors: `DeliveryError` for ticket members that cannot be used; those of the request path.
 */
export function createTicket(desk: Desk, order: TicketOrder, marker: Marker): Promise<TicketMade> {
  return withoutPause(desk, async () => {
    const recorded = z.safeParse(RecordedTicket, await marker.recorded());
    if (recorded.success) return { ...recorded.data, created: false };

    const earlier = await desk.find(order);
    const { ticketId, created } =
      typeof earlier === 'string' ? { ticketId: earlier, created: false } : await make(desk, order, marker);
    const ticket = { ticketId, ticketUrl: await desk.link(ticketId) };
    await marker.record(ticket);
    return { ...ticket, created };
  });
}

async function make(desk: Desk, order: TicketOrder, marker: Marker): Promise<{ ticketId: string; created: boolean }> {
  const files = order.files?.flatMap((file) => withinLimit(file, desk.attachmentLimit).file ?? []);
  const act = await desk.prepare(files === undefined ? order : { ...order, files });
  const isFirst = await marker.begin();
  if (!isFirst) {
    const arrived = await settledTicket(desk, order, marker);
    if (arrived !== undefined) return { ticketId: arrived, created: false };
  }
  for (let sends = 1; ; sends += 1) {
    const outcome = await attempt(act).catch(async (error: unknown) => {
      // Certainly refused, so release the marker; otherwise the next attempt would look for a ticket.
      if (isFirst && sends === 1 && (isReportError(error) || error instanceof Paused)) {
        await marker.release().catch(() => undefined);
      }
      throw error;
    });
    if ('done' in outcome) return { ticketId: outcome.done, created: true };
    const arrived = await settledTicket(desk, order, marker);
    if (arrived !== undefined) return { ticketId: arrived, created: true };
    if (sends >= SENDS || !worthRepeating(outcome.unknown)) throw outcome.unknown;
  }
}

/** The ticket of an attempt whose end nobody saw; undefined where it certainly made none. */
async function settledTicket(desk: Desk, order: TicketOrder, { place }: Marker): Promise<string | undefined> {
  let sure = true;
  const arrived = await lookUntilSettled(desk, async () => {
    const found = await desk.find(order);
    sure = found !== CANNOT_TELL;
    return typeof found === 'string' ? found : undefined;
  });
  if (arrived !== undefined || sure) return arrived;
  throw new ReportError(
    'DeliveryError',
    `it is not known whether ${desk.name} made the ticket, and it cannot be asked; look there for "${order.title}" with ` +
      `${order.runKey}: if it is there, attach the files by hand; if not, remove ${place ?? "the run's marker"} and ` +
      'deliver again under the same run id',
  );
}

/** What became of one file. `name` is the one it bears at the PSA. */
export type FileOutcome = { name: string; state: 'attached' | 'too-large'; compressed: boolean };

/** `attached`: every file hangs on the ticket. */
export type FilesAttached = { attached: boolean; files: FileOutcome[] };

const RecordedFiles = z.object({
  attached: z.boolean(),
  files: z.array(z.object({ name: z.string(), state: z.enum(['attached', 'too-large']), compressed: z.boolean() })),
});

/**
 * Attaches what the ticket does not hold yet, and reads the list back. Files above the PSA's limit go gzipped; what is too
 * large even then is left out and said so: the ticket's text says where it lies.
 * Errors: `DeliveryError` where the PSA holds a file that is not the one sent; those of the request path.
 */
export function attachFiles(
  desk: Desk,
  ticket: { ticketId: string; created?: boolean },
  files: readonly DeliveryFile[],
  marker: Marker,
): Promise<FilesAttached> {
  return withoutPause(desk, async () => {
    const recorded = z.safeParse(RecordedFiles, await marker.recorded());
    if (recorded.success) return recorded.data;

    const fitted = files.map((file) => withinLimit(file, desk.attachmentLimit));
    const wanted = fitted.flatMap(({ file }) => (file === undefined ? [] : [file]));
    await hang(desk, ticket, wanted, marker);
    const outcomes = fitted.map(
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

async function hang(
  desk: Desk,
  { ticketId, created }: { ticketId: string; created?: boolean },
  wanted: readonly DeliveryFile[],
  marker: Marker,
): Promise<void> {
  if (wanted.length === 0) return;
  const look = async () => {
    const held = await desk.attachments(ticketId, created);
    if (held === CANNOT_TELL) return held;
    const [spoiled] = wanted.flatMap((file) => spoiledCopy(desk, ticketId, file, held) ?? []);
    return { spoiled, missing: wanted.filter((file) => !held.some((one) => isThis(one, file))) };
  };
  let seen = await look();
  if (seen !== CANNOT_TELL && seen.spoiled === undefined && seen.missing.length === 0) return;
  // Ticket and files appear together or not at all.
  if (seen === CANNOT_TELL && desk.carriesFiles === true) return;
  if (!(await marker.begin()) || desk.carriesFiles === true) {
    const whole = await lookUntilSettled(desk, async () => {
      seen = await look();
      return seen !== CANNOT_TELL && seen.missing.length === 0 ? seen : undefined;
    });
    if (whole === undefined && seen === CANNOT_TELL) throw unknownWhether(desk, ticketId, wanted);
  }
  // Nobody tried before: what cannot be listed was not attached by us.
  for (const file of missingOf(seen, wanted)) await upload(desk, ticketId, file);
  for (const file of missingOf(await look(), [])) await confirm(desk, ticketId, file);
}

type Look = typeof CANNOT_TELL | { spoiled: ReportError | undefined; missing: DeliveryFile[] };

/** `untold` where the PSA cannot tell. Errors: that of a spoiled copy. */
function missingOf(look: Look, untold: readonly DeliveryFile[]): readonly DeliveryFile[] {
  if (look === CANNOT_TELL) return untold;
  if (look.spoiled !== undefined) throw look.spoiled;
  return look.missing;
}

async function upload(desk: Desk, ticketId: string, file: DeliveryFile): Promise<void> {
  for (let sends = 1; ; sends += 1) {
    const outcome = await attempt(() => desk.attach(ticketId, file));
    if ('done' in outcome) return;
    let sure = true;
    const arrived = await lookUntilSettled(desk, async () => {
      const held = await desk.attachments(ticketId);
      sure = held !== CANNOT_TELL;
      return held !== CANNOT_TELL && held.some((one) => isThis(one, file)) ? true : undefined;
    });
    if (arrived === true) return;
    if (!sure) throw unknownWhether(desk, ticketId, [file]);
    if (sends >= SENDS || !worthRepeating(outcome.unknown)) throw outcome.unknown;
  }
}

const unknownWhether = (desk: Desk, ticketId: string, files: readonly DeliveryFile[]): ReportError =>
  new ReportError(
    'DeliveryError',
    `it is not known whether ${files.map(({ name }) => name).join(' and ')} hangs on ticket ${ticketId}, and ${desk.name} ` +
      'does not tell; look at the ticket and attach by hand what is missing',
  );

/** The PSA took the file and does not list it yet: waits, then says what is wrong. */
async function confirm(desk: Desk, ticketId: string, file: DeliveryFile): Promise<void> {
  const fault = await lookUntilSettled(desk, async () => {
    const all = await desk.attachments(ticketId);
    if (all === CANNOT_TELL) return undefined;
    return spoiledCopy(desk, ticketId, file, all) ?? (all.some((one) => isThis(one, file)) ? 'none' : undefined);
  });
  if (fault === 'none') return;
  throw (
    fault ??
    new ReportError(
      'DeliveryError',
      `${desk.name} accepted ${file.name} for ticket ${ticketId}, yet does not list it; attach it by hand`,
    )
  );
}

/** A copy of another size must not be used, and may be: whatever else hangs there, somebody has to take it away. */
function spoiledCopy(
  desk: Desk,
  ticketId: string,
  file: DeliveryFile,
  held: readonly Attached[],
): ReportError | undefined {
  const copy = held.find((one) => one.name === file.name && !isThis(one, file));
  if (copy === undefined) return undefined;
  return new ReportError(
    'DeliveryError',
    `${desk.name} holds ${file.name} on ticket ${ticketId} with ${copy.size} bytes where ${file.bytes.byteLength} were sent; ` +
      'it must not be used: remove it there, then deliver again under the same run id, or attach the file by hand',
  );
}

const isThis = (held: Attached, file: DeliveryFile): boolean =>
  held.name === file.name && (held.size === undefined || held.size === file.bytes.byteLength);

/** The file as it may be attached: as it is, gzipped, or not at all. */
function withinLimit(
  file: DeliveryFile,
  limit: number,
): { original: string; file?: DeliveryFile; compressed: boolean } {
  const original = file.name;
  if (file.bytes.byteLength <= limit) return { original, file, compressed: false };
  const bytes = gzipSync(file.bytes, { level: 9 });
  if (bytes.byteLength > limit) return { original, compressed: false };
  return { original, file: { name: `${file.name}.gz`, bytes, contentType: 'application/gzip' }, compressed: true };
}
