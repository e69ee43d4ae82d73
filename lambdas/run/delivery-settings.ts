import * as z from 'zod/mini';
import { Email, Ticket } from '../configuration/delivery.ts';
import type { ReportConfiguration } from '../configuration/report-json.ts';
import type { Objects } from '../platform/platform.ts';
import { ReportError } from '../report/errors.ts';
import type { Organization } from '../report/organization.ts';
import type { Run } from './input.ts';
import { readJson, writeJson } from './json-file.ts';
import { runKeys } from './keys.ts';
import { ownSettings } from './misplaced.ts';

const DeliverySettings = z.strictObject({
  psa: z.nullable(
    z.strictObject({
      integration: z.string(),
      configuration: z.record(z.string(), z.unknown()),
      /** Credentials that are in report.json instead of the secret. */
      misplaced: z._default(z.array(z.string()), []),
      ticket: z.extend(Ticket, { companyId: z.union([z.string(), z.number()]) }),
    }),
  ),
  email: z.nullable(Email),
  /** What mail by Microsoft 365 needs of the integration's settings, and which credentials lie among them. */
  microsoft365: z._default(
    z.strictObject({ configuration: z.record(z.string(), z.unknown()), misplaced: z.array(z.string()) }),
    { configuration: {}, misplaced: [] },
  ),
});

/** How a run is handed over: what a delivery's Lambda needs of report.json, without knowing every integration there is. */
export type DeliverySettings = z.output<typeof DeliverySettings>;

/**
 * Keeps the settings in the run's folder, anew at every start: a mended board name reaches a report already made.
 * A ticket without company goes to the one that the PSA knows the managing organization by.
 * Errors: `ConfigurationError` where a ticket is due and no company for it is told.
 */
export function writeDeliverySettings(
  objects: Objects,
  run: Run,
  configuration: ReportConfiguration,
  organizations: readonly Organization[],
): Promise<void> {
  const settings: z.input<typeof DeliverySettings> = {
    psa: psaSettings(configuration, organizations, run.mechanism === 'psa'),
    email: configuration.delivery.email ?? null,
    ...(namesMicrosoft365(configuration) ? mailSettings(configuration) : {}),
  };
  return writeJson(objects, runKeys(run.runId).deliverySettings, settings);
}

/** Where the ticket goes; null where none is due and no company for it is known. Errors: as `writeDeliverySettings`. */
export function psaSettings(
  { delivery: { psa }, integrations, managingOrganization }: ReportConfiguration,
  organizations: readonly Organization[],
  due: boolean,
): DeliverySettings['psa'] {
  if (psa === undefined) return null;
  const { integration, ticket } = psa;
  const configuration = integrations.get(integration);
  const managing = organizations.find(({ id }) => id === managingOrganization.id);
  const [own, ...others] = managing?.integrationIds.get(integration) ?? [];
  const companyId = ticket.companyId ?? (others.length === 0 ? own : undefined);
  if (configuration !== undefined && companyId !== undefined) {
    return { integration, ...ownSettings(configuration), ticket: { ...ticket, companyId } };
  }
  if (!due) return null;
  throw new ReportError(
    'ConfigurationError',
    `report.json: delivery.psa.ticket.companyId: expected the id of the company that the ticket belongs to in ${integration}, ` +
      `or one id of ${managingOrganization.name} for ${integration} in organizations.json; found ${others.length === 0 ? 'neither' : 'several'}`,
  );
}

const namesMicrosoft365 = ({ delivery: { email } }: ReportConfiguration): boolean =>
  email?.via === 'microsoft-365' || email?.fallback === 'microsoft-365';

/** Mail by Microsoft 365 shares the integration's cloud and, where they are in report.json, its credentials. */
export const mailSettings = ({ integrations }: ReportConfiguration): Pick<DeliverySettings, 'microsoft365'> => ({
  microsoft365: ownSettings(integrations.get('microsoft-365') ?? {}),
});

/** Errors: `ConfigurationError` when the file is missing or not ours. */
export async function readDeliverySettings(objects: Objects, runId: string): Promise<DeliverySettings> {
  const key = runKeys(runId).deliverySettings;
  const settings = z.safeParse(DeliverySettings, await readJson(objects, key));
  if (settings.success) return settings.data;
  throw new ReportError(
    'ConfigurationError',
    `${objects.locate(key)} is missing or holds no delivery settings; run again`,
  );
}
