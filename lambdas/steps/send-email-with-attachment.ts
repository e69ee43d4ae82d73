import * as z from 'zod/mini';
import { MailCheck } from '../doctor/check.ts';
import { checkable } from '../doctor/checkable.ts';
import { lookAtMail } from '../doctor/mail-look.ts';
import { type Sent, sendOnce } from '../mail/send-once.ts';
import type { Step } from '../platform/platform.ts';
import { ReportError } from '../report/errors.ts';
import { readBrief } from '../run/brief.ts';
import { deliveryFiles } from '../run/delivery-files.ts';
import { deliveryMarker } from '../run/delivery-marker.ts';
import { readDeliverySettings } from '../run/delivery-settings.ts';
import { Files, ReportTotals, Run, readInput } from '../run/input.ts';
import { runKeys } from '../run/keys.ts';
import { mailMessage } from '../run/mail-message.ts';
import { mailWays } from '../run/mail-ways.ts';
import { headOf } from '../run/report-file.ts';

const Input = z.strictObject({ run: Run, report: ReportTotals, files: Files });

const NAME = 'send-email-with-attachment';

/** The result of `sendOnce`, with every field: the definition ends the run if a field that it reads is missing. */
type Delivery = { mechanism: 'email'; status: 'delivered' } & { [member in keyof Required<Sent>]: Sent[member] | null };

/**
 * Sends the report by e-mail, at most once per run, in the way that report.json names.
 * Errors: `DeliveryError`; it says whether the mail may have gone out and what to do then. `ConfigurationError` without
 * `email`, or where the settings of the only way are at fault.
 */
const send: Step = async (value, platform, invocation): Promise<Delivery> => {
  const { run } = readInput(Input, value, NAME);
  const { objects, clock } = platform;
  const keys = runKeys(run.runId);
  const { email, ...settings } = await readDeliverySettings(objects, run.runId);
  if (email === null) {
    throw new ReportError(
      'ConfigurationError',
      'report.json: delivery.email: expected from and recipients, found nothing',
    );
  }
  const report = await headOf(objects, run.runId);
  const files = await deliveryFiles(report, objects);
  const brief = await readBrief(objects, report);
  const {
    via = null,
    remark = null,
    refusedRecipients = [],
    ...sent
  } = await sendOnce(
    mailWays({ ...settings, email }, platform, invocation, keys.email),
    (capacity) => mailMessage(report, files, brief, email, capacity),
    deliveryMarker(objects, keys.delivery('email'), new Date(clock.now()).toISOString()),
  );
  return { mechanism: 'email', status: 'delivered', ...sent, via, remark, refusedRecipients };
};

export default checkable(NAME, MailCheck, lookAtMail, send);
