import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { TicketsCheck } from '../doctor/check.ts';
import { checkable, lookingAt } from '../doctor/checkable.ts';
import { ticketSubject } from '../doctor/ticket-subject.ts';
import type { Platform, Step } from '../platform/platform.ts';
import { attachFiles } from '../psa/delivery/attachments.ts';
import { withCompanyId } from '../psa/delivery/companies.ts';
import type { Markers } from '../psa/delivery/marker.ts';
import type { OpenPsa } from '../psa/delivery/operations.ts';
import type { TicketMembers, TicketOrder } from '../psa/delivery/order.ts';
import type { Psa } from '../psa/delivery/psa.ts';
import { runKey } from '../psa/delivery/run-key.ts';
import { createTicket } from '../psa/delivery/ticket.ts';
import { htmlText, plainText, withRemark } from '../report/brief.ts';
import { isReportError, ReportError } from '../report/errors.ts';
import { headingOf } from '../report/heading.ts';
import type { ReportHead } from '../report/report.ts';
import { readBrief } from '../run/brief.ts';
import { deliveryFiles } from '../run/delivery-files.ts';
import { twoAttemptsMarker } from '../run/delivery-marker.ts';
import { type DeliverySettings, readDeliverySettings } from '../run/delivery-settings.ts';
import { Files, ReportTotals, Run, readInput } from '../run/input.ts';
import { runFolder, runKeys } from '../run/keys.ts';
import { readMisplaced } from '../run/misplaced.ts';
import { redactedError } from '../run/redacted.ts';
import { headOf } from '../run/report-file.ts';
import { openSession } from '../run/session.ts';
import { withSecret } from '../run/with-secret.ts';

const common = { run: Run, report: ReportTotals, files: Files };

const Ticket = z.strictObject({
  ticketId: z.string(),
  ticketUrl: z.string(),
  created: z.boolean(),
  waitSeconds: z.literal(0),
});

const Input = z.discriminatedUnion('task', [
  z.strictObject({ task: z.literal('create-ticket'), ...common }),
  z.strictObject({ task: z.literal('upload-csv'), ...common, ticket: Ticket }),
]);

/**
 * Hands the report over at a PSA, in the two tasks that the definition names: `create-ticket` and `upload-csv`. Both
 * may be repeated: what is there already is found and not made again. `create-ticket` answers `waitSeconds` where it
 * cannot be known yet whether the ticket was made: the state machine waits, and calls again.
 * Errors: `DeliveryError`, those of the request path, `ConfigurationError`; none holds a secret.
 */
export default function psaTicket(psa: Psa): Step {
  const name = `psa-${psa.id}`;
  const look = lookingAt<TicketsCheck>((check, platform) => ticketSubject(psa, check, platform));
  return checkable(name, TicketsCheck, look, async (value, platform, invocation) => {
    const input = readInput(Input, value, name);
    const { runId } = input.run;
    const report = await headOf(platform.objects, runId);
    const settings = await settingsOf(psa, platform, runId);
    return withSecret(platform.secrets, psa, async (secret) => {
      const session = openSession(platform, invocation, psa.id);
      try {
        const opened = psa.open({ secret, configuration: settings.configuration }, session);
        const ticket = await withCompanyId(opened, settings.ticket);
        const { companyId } = ticket;
        const markers = markersFor(runId, psa.id, { address: opened.address, companyId }, platform);
        return input.task === 'create-ticket'
          ? await create(opened, report, ticket, platform, markers)
          : await upload(opened, report, input.ticket, platform, markers);
      } catch (error) {
        throw redactedError(isReportError(error) ? error : unexpected(error), session.redactor);
      }
    });
  });
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

async function create(
  psa: OpenPsa,
  report: ReportHead,
  ticket: TicketMembers & { companyId: string },
  platform: Platform,
  markers: Markers,
) {
  const { objects } = platform;
  const folder = objects.locate(runFolder(report.runId));
  const brief = withRemark(await readBrief(objects, report), `All files are in ${folder}.`);
  const order: TicketOrder = {
    runKey: runKey({
      runId: report.runId,
      managingOrganization: report.managingOrganization,
      organizations: report.rows.map(({ organization }) => organization.id),
      integrations: report.integrations.flatMap(({ integration, status }) =>
        status === 'not-installed' ? [] : [integration],
      ),
      companyId: ticket.companyId,
    }),
    title: 'Billing Reconciliation',
    month: headingOf(report).month,
    asOf: report.asOf,
    plain: plainText(brief),
    html: htmlText(brief),
    ticket,
    ...(psa.carriesFiles === true ? { files: await deliveryFiles(report, platform.objects) } : {}),
  };
  return createTicket(psa, order, markers);
}

async function upload(
  psa: OpenPsa,
  report: ReportHead,
  ticket: z.output<typeof Ticket>,
  platform: Platform,
  markers: Markers,
) {
  const { ticketId, ticketUrl } = ticket;
  const files = await deliveryFiles(report, platform.objects);
  const { attached } = await attachFiles(psa, ticket, files, markers);
  return { mechanism: 'psa', status: 'delivered', ticketId, ticketUrl, attached };
}

/** Where at a PSA a ticket goes: its content can change from one attempt to the next, these must not. */
type Destination = { address: string; companyId: string };

const FINGERPRINT_LENGTH = 16;

function markersFor(runId: string, integration: string, place: Destination, { objects, clock }: Platform): Markers {
  const at = new Date(clock.now()).toISOString();
  return (act, ...of) => {
    const fingerprint = createHash('sha256')
      .update(JSON.stringify([place, of]))
      .digest('hex');
    const key = `${integration}-${act}-${fingerprint.slice(0, FINGERPRINT_LENGTH)}`;
    return twoAttemptsMarker(objects, runKeys(runId).delivery(key), at);
  };
}

const unexpected = (error: unknown): ReportError =>
  new ReportError(
    'DeliveryError',
    `unexpected fault while delivering: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`,
  );
