import { readOrganizations } from '../configuration/organizations-json.ts';
import { type ReportConfiguration, readConfiguration } from '../configuration/report-json.ts';
import type { Objects } from '../platform/platform.ts';
import { ReportError } from '../report/errors.ts';
import type { Organization } from '../report/organization.ts';
import { readJson } from './json-file.ts';
import { organizationsKey, reportConfigurationKey } from './keys.ts';
import { type Catalogued, idHolders } from './known.ts';

/** Reads and checks report.json. Errors: `ConfigurationError`, all faults at once. */
export async function readReportConfiguration(
  objects: Objects,
  known: { collectors: readonly { id: string }[]; psas: readonly string[] },
): Promise<ReportConfiguration> {
  const value = await readJson(objects, reportConfigurationKey);
  if (value === undefined) {
    throw new ReportError(
      'ConfigurationError',
      `report.json is missing; expected it at ${objects.locate(reportConfigurationKey)}, ` +
        'with managingOrganization, integrations and delivery',
    );
  }
  return readConfiguration(value, { integrations: known.collectors.map(({ id }) => id), psas: known.psas });
}

/** Reads and checks organizations.json. Errors: `ConfigurationError`, all faults at once. */
export async function readOrganizationList(objects: Objects, known: Catalogued): Promise<Organization[]> {
  const value = await readJson(objects, organizationsKey);
  if (value === undefined) {
    throw new ReportError(
      'ConfigurationError',
      `organizations.json is missing; expected it at ${objects.locate(organizationsKey)}, with the companies and their ids`,
    );
  }
  return readOrganizations(value, known.collectors, idHolders(known.psas));
}
