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
  /** The settings that mail by Microsoft 365 needs, and the credentials among them. */
  microsoft365: z._default(
    z.strictObject({ configuration: z.record(z.string(), z.unknown()), misplaced: z.array(z.string()) }),
    { configuration: {}, misplaced: [] },
  ),
});

/** How a run is delivered: the part of report.json that a delivery's Lambda needs, without the other integrations. */
export type DeliverySettings = z.output<typeof DeliverySettings>;

/**
 * Writes the settings to the run's folder at every start, so that a corrected board name applies to an existing report.
 * A ticket without a company goes to the company that the managing organization is mapped to in the PSA.
 * Errors: `ConfigurationError` if a ticket is due and its company is not configured.
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

/**
 * The ticket's company and fields; null if none is due and its company is unknown. Errors: as `writeDeliverySettings`.
 */
export function psaSettings(
  { delivery: { psa }, integrations, managingOrganization }: ReportConfiguration,
  organizations: readonly Organization[],
  due: boolean,
): DeliverySettings['psa'] {
  if (psa === undefined) return null;
  const { integration, ticket } = psa;
  const configuration = integrations.get(integration);
  const managing = organizations.find(({ id }) => id === managingOrganization.id);
  const [first, ...others] = managing?.integrationIds.get(integration) ?? [];
  const companyId = ticket.companyId ?? (others.length === 0 ? first : undefined);
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

/** Mail by Microsoft 365 shares the integration's cloud and, if they are in report.json, its credentials. */
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
