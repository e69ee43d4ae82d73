import { readOrganizations } from '../../lambdas/configuration/organizations-json.ts';
import type { ReportConfiguration } from '../../lambdas/configuration/report-json.ts';
import { jsonText } from '../../lambdas/platform/json-text.ts';
import type { Platform } from '../../lambdas/platform/platform.ts';
import { listCompanies } from '../../lambdas/psa/delivery/companies.ts';
import type { PsaCompany } from '../../lambdas/psa/delivery/operations.ts';
import type { Psa } from '../../lambdas/psa/delivery/psa.ts';
import type { Registry } from '../../lambdas/registry.ts';
import { ReportError } from '../../lambdas/report/errors.ts';
import { quantity } from '../../lambdas/report/quantity.ts';
import { readReportConfiguration } from '../../lambdas/run/configuration-files.ts';
import { readJson } from '../../lambdas/run/json-file.ts';
import { organizationsKey } from '../../lambdas/run/keys.ts';
import { idHolders } from '../../lambdas/run/known.ts';
import { redactedError } from '../../lambdas/run/redacted.ts';
import { openSession } from '../../lambdas/run/session.ts';
import { withSecret } from '../../lambdas/run/with-secret.ts';
import { type Mapping, mappingOf } from './first-organizations.ts';
import { address, parse, usage } from './options.ts';

export const ORGANIZATIONS_HELP = `Usage: npm run --silent organizations -- --config DIR [options] > organizations-new.json

Prints organizations.json with every active company of the PSA that report.json delivers to. Existing entries stay as they are;
companies are matched by the PSA's ids, never by their names. The command prints only and writes no file.

  --config DIR        report.json and secrets/, and organizations.json where there is one (required)
  --sandbox URL       send every request to this address instead of the PSA; the Host header names the PSA
  --help              this text

Exit code: 0 printed, 1 the PSA did not answer, 2 bad usage or configuration.`;

export type OrganizationsOptions = { config: string; sandbox?: URL };

/** How long a PSA may take to list its companies, including waits for its rate limit. */
const PATIENCE_MILLISECONDS = 15 * 60_000;

/** Reads the command line of `organizations`. Errors: `ConfigurationError`. */
export function readOrganizationsOptions(args: readonly string[]): OrganizationsOptions | 'help' {
  const { help, config, sandbox } = parse(args, {
    config: { type: 'string' },
    sandbox: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  });
  if (help) return 'help';
  if (config === undefined) throw usage('--config: expected the directory that holds report.json');
  return { config, ...(sandbox === undefined ? {} : { sandbox: address(sandbox) }) };
}

/**
 * A first organizations.json from the companies of the configured PSA, and remarks on it.
 * Errors: `ConfigurationError` with file and field; those of the PSA, without secrets.
 */
export async function firstOrganizations(
  { collectors, psas }: Registry,
  platform: Platform,
): Promise<{ json: string; notes: string[] }> {
  const { objects } = platform;
  const known = { collectors, psas: psas.map(({ id }) => id) };
  const configuration = await readReportConfiguration(objects, known);
  const { managingOrganization } = configuration;
  const file = await readJson(objects, organizationsKey);
  const organizations = file === undefined ? [] : readOrganizations(file, collectors, idHolders(known.psas));
  const { psa, companies } = await psaCompanies({ psas }, platform, configuration);
  const mapping = mappingOf(psa.id, companies, { file, organizations }, managingOrganization);
  return { json: jsonText(mapping.file), notes: notesOn(psa, mapping) };
}

/** The PSA that report.json delivers to, and its active companies. Errors: as `firstOrganizations`. */
export async function psaCompanies(
  { psas }: Pick<Registry, 'psas'>,
  platform: Platform,
  { delivery, integrations }: ReportConfiguration,
): Promise<{ psa: Psa; companies: PsaCompany[] }> {
  const psa = psas.find(({ id }) => id === delivery.psa?.integration);
  if (psa === undefined) throw unusable('expected the PSA whose companies are to be listed, found nothing');
  const settings = integrations.get(psa.id);
  if (settings === undefined) throw unusable(`expected an installed integration; add "${psa.id}" under integrations`);
  return { psa, companies: await companiesOf(psa, settings, platform) };
}

const companiesOf = (psa: Psa, configuration: unknown, platform: Platform): Promise<PsaCompany[]> =>
  withSecret(platform.secrets, psa, async (secret) => {
    const session = openSession(platform, { deadline: platform.clock.now() + PATIENCE_MILLISECONDS }, psa.id);
    try {
      return await listCompanies(psa.open({ secret, configuration }, session));
    } catch (error) {
      throw redactedError(error, session.redactor);
    }
  });

const unusable = (what: string): ReportError =>
  new ReportError('ConfigurationError', `report.json: delivery.psa.integration: ${what}`);

function notesOn({ name, id: psa }: Psa, { mapped, added, namesakes, unlisted }: Mapping): string[] {
  return [
    `${name}: ${quantity(mapped + added.length, 'active company')}: ${mapped} mapped already, ${added.length} added`,
    ...namesakes.map(
      (company) =>
        `"${company.name}" (${company.id}) has the name of an organization that has no id for it; if they are the same, ` +
        `move its "${psa}" id there and remove the new entry`,
    ),
    ...unlisted.map(
      ({ organization, id }) => `${organization}: ${name} does not list ${id} as an active company; it was kept`,
    ),
  ];
}
