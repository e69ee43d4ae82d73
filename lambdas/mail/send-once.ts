import * as z from 'zod/mini';
import { MAIL_SERVICES } from '../configuration/delivery.ts';
import { MailRefused } from '../platform/mail-refused.ts';
import { isReportError, messageOf, ReportError } from '../report/errors.ts';
import type { Accepted, Capacity, MailRoute, Message } from './route.ts';

/** A route that is opened only if needed. Opening it reads its secret; errors: `ConfigurationError`. */
export type Way = {
  /** Undefined if the mail only becomes a file. */
  via: (typeof MAIL_SERVICES)[number] | undefined;
  open(): Promise<MailRoute>;
};

/** The run's record of the mail. */
export type MailMarker = {
  /** True only for the first call ever. */
  begin(): Promise<boolean>;
  release(): Promise<void>;
  record(value: unknown): Promise<void>;
  recorded(): Promise<unknown>;
  /** Where a person finds it. */
  place: string;
};

const Sent = z.strictObject({
  messageId: z.string(),
  recipients: z.array(z.string()),
  via: z.optional(z.enum(MAIL_SERVICES)),
  /** Recipients that the server refused while it accepted the mail for others. */
  refusedRecipients: z.optional(z.array(z.string())),
  /** Why it was not sent the first way. */
  remark: z.optional(z.string()),
});

/** How the mail of a run was sent. */
export type Sent = z.output<typeof Sent>;

/**
 * Sends the mail of a run, at most once: begun, sent, recorded. A way is used only if those before it certainly
 * accepted nothing. A repeated run finds the record, or the mail itself, and sends nothing.
 * Errors: `DeliveryError`, which states whether the mail may have gone out and what to do then; the error of the only
 * way.
 */
export async function sendOnce(ways: readonly [Way, ...Way[]], compose: Compose, marker: MailMarker): Promise<Sent> {
  const before = await recordedBy(marker);
  if (before !== undefined) return before;
  const [first, ...others] = ways;
  const ready = await prepared(first, compose);
  if ('refused' in ready && others.length === 0) throw ready.refused;
  if (!(await marker.begin()) && first.via !== undefined) {
    const earlier = (await recordedBy(marker)) ?? (await foundAgain(ways, compose));
    if (earlier !== undefined) return earlier;
    throw unknownWhether(marker.place, 'an earlier attempt of this run started to send it and left no result');
  }
  const refusals: ReportError[] = [];
  for (const way of ways) {
    const attempt = await tried(way, way === first ? ready : await prepared(way, compose));
    if ('sent' in attempt) {
      const sent = { ...attempt.sent, ...(refusals.length === 0 ? {} : { remark: messagesOf(refusals) }) };
      // The mail is out, whether or not that can be recorded; without the record a repeated run reports that it does
      // not know.
      await marker.record(sent).catch(() => {});
      return sent;
    }
    if ('unknown' in attempt) throw unknownWhether(marker.place, attempt.unknown);
    refusals.push(attempt.refused);
  }
  throw await released(marker, refusals);
}

type Compose = (capacity: Capacity) => Promise<Message>;
type Refused = { refused: ReportError };
type Prepared = { route: MailRoute; message: Message };

/** The opened route, and the message within the route's size limit; nothing is sent here. */
async function prepared(way: Way, compose: Compose): Promise<Prepared | Refused> {
  try {
    const route = await way.open();
    return { route, message: await compose(route.capacity) };
  } catch (error) {
    return {
      refused: isReportError(error) ? error : new MailRefused(`the mail was not sent: ${messageOf(error)}`, error),
    };
  }
}

async function tried(way: Way, ready: Prepared | Refused): Promise<{ sent: Sent } | Refused | { unknown: string }> {
  if ('refused' in ready) return ready;
  const { route, message } = ready;
  try {
    return { sent: sentBy(way, message, await route.send(message)) };
  } catch (error) {
    if (error instanceof MailRefused) return { refused: error };
    const accepted = await route.find?.(message).catch(() => undefined);
    return accepted === undefined ? { unknown: messageOf(error) } : { sent: sentBy(way, message, accepted) };
  }
}

function sentBy({ via }: Way, message: Message, { messageId, refusedRecipients }: Accepted): Sent {
  const recipients = message.recipients.filter((address) => refusedRecipients?.includes(address) !== true);
  return {
    messageId,
    recipients,
    ...(via === undefined ? {} : { via }),
    ...(refusedRecipients === undefined ? {} : { refusedRecipients: [...refusedRecipients] }),
  };
}

/** The mail of an earlier attempt, if a route can look for it. A route that can no longer be opened finds nothing. */
async function foundAgain(ways: readonly Way[], compose: Compose): Promise<Sent | undefined> {
  for (const way of ways) {
    const ready = await prepared(way, compose);
    if ('refused' in ready) continue;
    const accepted = await ready.route.find?.(ready.message).catch(() => undefined);
    if (accepted !== undefined) return sentBy(way, ready.message, accepted);
  }
  return undefined;
}

async function recordedBy(marker: MailMarker): Promise<Sent | undefined> {
  const recorded = z.safeParse(Sent, await marker.recorded());
  return recorded.success ? recorded.data : undefined;
}

/** It certainly did not go out, so the next attempt may send it. */
async function released(marker: MailMarker, refusals: readonly ReportError[]): Promise<ReportError> {
  const fault = await marker.release().then(() => undefined, messageOf);
  const [first] = refusals;
  if (fault === undefined && first !== undefined && refusals.length === 1) return first;
  const stuck =
    fault === undefined
      ? ''
      : `. Then delete ${marker.place}, which could not be removed (${fault}), and run again with the same run id`;
  return new ReportError('DeliveryError', `${messagesOf(refusals)}${stuck}`, { cause: first });
}

const messagesOf = (errors: readonly ReportError[]): string => errors.map(({ message }) => message).join('; then: ');

const unknownWhether = (place: string, reason: string): ReportError =>
  new ReportError(
    'DeliveryError',
    `it is not known whether the mail went out (${reason}). Ask a recipient; if it did not arrive, ` +
      `delete ${place} and run again with the same run id: that sends it without collecting again`,
  );
