import * as z from 'zod/mini';
import { isReportError, ReportError } from '../../report/errors.ts';
import { Paused } from '../../wire/session.ts';
import { attachable } from './attachable.ts';
import type { Attempt, Marker, Markers } from './marker.ts';
import { CANNOT_TELL, type OpenPsa } from './operations.ts';
import { type TicketOrder, withRemark } from './order.ts';
import { attempt, lookUntil, withoutPause, worthRepeating } from './unknown.ts';

/**
 * A create call whose answer was lost may still take effect: PSAs were seen to make the ticket five minutes later. Only
 * after this long, and the time that a ticket takes to show, is it certain that there will be none.
 */
const LATEST_EFFECT_SECONDS = 300;

/** The wait between two searches for such a ticket. */
const LOOK_AGAIN_SECONDS = 60;

/** The run's ticket. `created`: this run made it, and not an earlier one of the same id whose records are gone. */
export type TicketMade = { ticketId: string; ticketUrl: string; created: boolean; waitSeconds: 0 };

/** It cannot be known yet whether the ticket was made: call again after this many seconds. */
export type TicketPending = { ticketId: null; ticketUrl: null; created: false; waitSeconds: number };

const RecordedTicket = z.object({ ticketId: z.string(), ticketUrl: z.string() });
type RecordedTicket = z.output<typeof RecordedTicket>;

/**
 * The run's ticket, made at most once however often this is called: recorded, else found by its run key, else created.
 * One that was recorded and is gone is made again. When the PSA's answer is lost, the ticket is looked for until it is
 * certain that there is none, and created once more.
 * Errors: `DeliveryError` for ticket fields that cannot be used; those of the request path.
 */
export function createTicket(psa: OpenPsa, order: TicketOrder, markers: Markers): Promise<TicketMade | TicketPending> {
  return withoutPause(psa, async () => {
    const marker = markers('ticket');
    const recorded = z.safeParse(RecordedTicket, await marker.recorded()).data;
    const found = await psa.find(order);
    if (recorded !== undefined && (await isThere(psa, recorded, found))) {
      return { ...recorded, created: false, waitSeconds: 0 };
    }
    if (typeof found === 'string') return keep(psa, marker, found, (await marker.begun()) !== undefined);
    if (recorded === undefined) return make(psa, order, marker);
    await marker.release();
    const remark = `This ticket replaces ticket ${recorded.ticketId}, which ${psa.name} no longer has.`;
    return make(psa, withRemark(order, remark), marker);
  });
}

type Found = Awaited<ReturnType<OpenPsa['find']>>;

/**
 * Both ways must agree that a ticket is gone: people rename tickets, and some PSAs hide what they do not want to show.
 */
const isThere = async (psa: OpenPsa, { ticketId }: RecordedTicket, found: Found): Promise<boolean> =>
  found === CANNOT_TELL || found === ticketId || !(await psa.isGone(ticketId));

async function keep(psa: OpenPsa, marker: Marker, ticketId: string, created: boolean): Promise<TicketMade> {
  const ticket = { ticketId, ticketUrl: await psa.link(ticketId) };
  await marker.record(ticket);
  return { ...ticket, created, waitSeconds: 0 };
}

async function make(psa: OpenPsa, order: TicketOrder, marker: Marker): Promise<TicketMade | TicketPending> {
  const begun = await marker.begun();
  if (begun !== undefined) {
    const waiting = await unsettled(psa, order, marker);
    if (waiting !== undefined) return waiting;
    if (begun.attempt === 2) {
      await marker.release();
      throw new ReportError(
        'DeliveryError',
        `${psa.name} gave no clear answer about the ticket, twice, and none appeared; deliver again later under the same run id`,
      );
    }
  }
  return send(psa, order, marker, begun === undefined ? 1 : 2);
}

async function send(
  psa: OpenPsa,
  order: TicketOrder,
  marker: Marker,
  number: Attempt,
): Promise<TicketMade | TicketPending> {
  const files = order.files?.flatMap((file) => attachable(file, psa.attachmentLimit).file ?? []);
  const create = await psa.prepare(files === undefined ? order : { ...order, files });
  if (await marker.begin(number)) {
    const outcome = await attempt(create).catch(async (error: unknown) => {
      // Certainly refused, so release the marker; otherwise the next attempt would look for a ticket.
      if (isReportError(error) || error instanceof Paused) await marker.release().catch(() => undefined);
      throw error;
    });
    if ('done' in outcome) return keep(psa, marker, outcome.done, true);
    if (!worthRepeating(outcome.unknown)) {
      const arrived = await lookFor(psa, order, marker);
      if (arrived === undefined) throw outcome.unknown;
      return keep(psa, marker, arrived, true);
    }
  }
  const waiting = await unsettled(psa, order, marker);
  return waiting ?? make(psa, order, marker);
}

/** The ticket of an attempt whose end is not known, or how long to wait for it; undefined if it certainly made none. */
async function unsettled(
  psa: OpenPsa,
  order: TicketOrder,
  marker: Marker,
): Promise<TicketMade | TicketPending | undefined> {
  const arrived = await lookFor(psa, order, marker).catch((error: unknown) => {
    // No time is left for another look in this invocation.
    if (error instanceof Paused) return undefined;
    throw error;
  });
  if (arrived !== undefined) return keep(psa, marker, arrived, true);
  const { at } = (await marker.begun()) ?? { at: Number.NEGATIVE_INFINITY };
  const left = at / 1000 + LATEST_EFFECT_SECONDS + psa.settleSeconds - psa.session.clock.now() / 1000;
  if (left <= 0) return undefined;
  const waitSeconds = Math.min(LOOK_AGAIN_SECONDS, Math.ceil(left));
  return { ticketId: null, ticketUrl: null, created: false, waitSeconds };
}

/** Searches until the PSA shows what it has. Errors: `DeliveryError` if it cannot be searched. */
async function lookFor(psa: OpenPsa, order: TicketOrder, { place }: Marker): Promise<string | undefined> {
  const ticketId = await lookUntil(
    psa,
    () => psa.find(order),
    (seen) => typeof seen === 'string',
  );
  if (ticketId !== CANNOT_TELL) return ticketId;
  throw new ReportError(
    'DeliveryError',
    `it is not known whether ${psa.name} made the ticket, and it cannot be asked; look there for "${order.title}" with ` +
      `${order.runKey}: if it is there, attach the files by hand; if not, remove ${place ?? "the run's marker"} and ` +
      'deliver again under the same run id',
  );
}
