import * as z from 'zod/mini';
import type { Platform, Step } from '../platform/platform.ts';
import { attachFiles, createTicket } from '../psa/delivery/deliver.ts';
import type { TicketOrder } from '../psa/delivery/order.ts';
import type { Desk, Psa } from '../psa/delivery/psa.ts';
import { runKey } from '../psa/delivery/run-key.ts';
import { isReportError, ReportError } from '../report/errors.ts';
import type { Report } from '../report/report.ts';
import { summarize } from '../report/summary.ts';
import { htmlSummary, plainSummary } from '../report/summary-text.ts';
import { deliveryFiles } from '../run/delivery-files.ts';
import { deliveryMarker } from '../run/delivery-marker.ts';
import { type DeliverySettings, readDeliverySettings } from '../run/delivery-settings.ts';
import { Files, ReportTotals, Run, readInput } from '../run/input.ts';
import { runKeys } from '../run/keys.ts';
import { readMisplaced } from '../run/misplaced.ts';
import { redactedError } from '../run/redacted.ts';
import { reportOf } from '../run/report-file.ts';
import { openSession } from '../run/session.ts';
import { withSecret } from '../run/with-secret.ts';

const common = { run: Run, report: ReportTotals, files: Files };

const Ticket = z.strictObject({ ticketId: z.string(), ticketUrl: z.string(), created: z.boolean() });

const Input = z.discriminatedUnion('task', [
  z.strictObject({ task: z.literal('create-ticket'), ...common }),
  z.strictObject({ task: z.literal('upload-csv'), ...common, ticket: Ticket }),
]);

/**
 * Hands the report over at a PSA, in the two tasks that the definition names: `create-ticket` and `upload-csv`. Both may be
 * repeated: what is there already is found and not made again.
 * Errors: `DeliveryError`, those of the request path, `ConfigurationError`; none holds a secret.
 */
export default function psaTicket(psa: Psa): Step {
  return async (value, platform, invocation) => {
    const input = readInput(Input, value, `psa-${psa.id}`);
    const { runId } = input.run;
    const report = await reportOf(platform.objects, runId);
    const settings = await settingsOf(psa, platform, runId);
    return withSecret(platform.secrets, psa, async (secret) => {
      const session = openSession(platform, invocation, psa.id);
      try {
        const desk = psa.open({ secret, configuration: settings.configuration }, session);
        return input.task === 'create-ticket'
          ? await create(desk, report, settings, platform)
          : await upload(desk, report, input.ticket, platform);
      } catch (error) {
        throw redactedError(isReportError(error) ? error : unexpected(error), session.redactor);
      }
    });
  };
}

type PsaSettings = NonNullable<DeliverySettings['psa']>;

async function settingsOf(psa: Psa, { objects }: Platform, runId: string): Promise<PsaSettings> {
  const { psa: settings } = await readDeliverySettings(objects, runId);
  if (settings?.integration === psa.id) {
    const { configuration, misplaced } = settings;
    return { ...settings, configuration: { ...configuration, ...(await readMisplaced(objects, psa.id, misplaced)) } };
  }
  throw new ReportError(
    'ConfigurationError',
    `${psa.name} was asked to deliver, but report.json names ${settings?.integration ?? 'no PSA'} under delivery.psa.integration`,
  );
}

async function create(desk: Desk, report: Report, { ticket }: PsaSettings, platform: Platform) {
  const { runId, asOf } = report;
  const summary = summarize(report);
  const keys = runKeys(runId);
  const locations = [keys.csv, keys.unmapped].map((key) => platform.objects.locate(key));
  const order: TicketOrder = {
    runKey: runKey(runId),
    title: 'Billing Reconciliation',
    month: summary.month,
    asOf,
    plain: plainSummary(summary, locations),
    html: htmlSummary(summary, locations),
    ticket,
    ...(desk.carriesFiles === true ? { files: await deliveryFiles(report, platform.objects) } : {}),
  };
  return createTicket(desk, order, markerFor('ticket', runId, platform));
}

async function upload(desk: Desk, report: Report, ticket: z.output<typeof Ticket>, platform: Platform) {
  const { ticketId, ticketUrl } = ticket;
  const files = await deliveryFiles(report, platform.objects);
  const { attached } = await attachFiles(desk, ticket, files, markerFor('attachments', report.runId, platform));
  return { mechanism: 'psa', status: 'delivered', ticketId, ticketUrl, attached };
}

const markerFor = (act: string, runId: string, { objects, clock }: Platform) =>
  deliveryMarker(objects, runKeys(runId).delivery(act), new Date(clock.now()).toISOString());

const unexpected = (error: unknown): ReportError =>
  new ReportError(
    'DeliveryError',
    `unexpected fault while delivering: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`,
  );
