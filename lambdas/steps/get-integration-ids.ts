import * as z from 'zod/mini';
import type { Objects, Step } from '../platform/platform.ts';
import { describeIssue } from '../report/describe-issue.ts';
import { ReportError } from '../report/errors.ts';
import { type Organization, rowsOf } from '../report/organization.ts';
import { planBilledSides } from '../run/billed-plan.ts';
import { billingKnown, readBilling } from '../run/billing-files.ts';
import { readOrganizationList, readReportConfiguration } from '../run/configuration-files.ts';
import { writeDeliverySettings } from '../run/delivery-settings.ts';
import { Run, readInput } from '../run/input.ts';
import { readJson, writeJson } from '../run/json-file.ts';
import { runKeys } from '../run/keys.ts';
import type { Known, KnownCollector, SettingsForms } from '../run/known.ts';
import { misplacedCredentials, without } from '../run/misplaced.ts';
import type { Plan, PlannedIntegration } from '../run/plan.ts';
import { holdsCounts, readHead } from '../run/report-file.ts';
import { knownInConfiguration } from '../wire/settings.ts';

const Input = z.strictObject({ run: Run });

/**
 * Which integrations are installed, and which ids companies have there. All configuration is checked here as far as
 * that is possible without secrets, before any vendor is called. Every collector has its place in the answer, in the
 * order of columns. Errors: `ConfigurationError`, all faults of a file at once.
 */
export default function getIntegrationIds(known: Known): Step {
  return async (value, { objects }) => {
    const { run } = readInput(Input, value, 'get-integration-ids');
    const keys = runKeys(run.runId);
    const configuration = await readReportConfiguration(objects, known);
    const organizations = await readOrganizationList(objects, known);
    const installed = await withForms(installedOf(known, configuration.integrations, run.only));
    refuseFaults(installed);

    await writeDeliverySettings(objects, run, configuration, organizations);
    const report = await readHead(objects, run.runId);
    const reportMade = report !== undefined && holdsCounts(report);
    const rows = rowsOf(organizations, configuration.managingOrganization);
    const integrations: PlannedIntegration[] = [];
    for (const { id } of known.collectors) {
      const entry = installed.get(id);
      if (entry === undefined) {
        integrations.push({ id, reads: 'counts', installed: false, plan: null });
        continue;
      }
      const misplaced = misplacedCredentials(entry.configuration, entry.forms.secret);
      const settings = without(entry.configuration, misplaced);
      const plan: Plan = { configuration: settings, misplaced, mapped: mappedIds(rows, id) };
      if (!reportMade) await writeJson(objects, keys.plan(id), plan);
      integrations.push({ id, reads: 'counts', installed: true, plan: keys.plan(id) });
    }
    const { managingOrganization } = configuration;
    const billing = await readBilling(objects, billingKnown(known, organizations, managingOrganization));
    if (billing !== undefined && !reportMade) {
      integrations.push(...(await planBilledSides(objects, run, billing, configuration, rows)));
    }
    return { integrations, reportMade, comparesBilling: await comparesBilling(objects, run) };
  };
}

/**
 * Whether this run compares: billing.json may have come or gone since a report was made, and that report stays what it
 * was.
 */
const comparesBilling = async (objects: Objects, { runId }: Run): Promise<boolean> =>
  (await readJson(objects, runKeys(runId).billing)) !== undefined;

type Settings = Record<string, unknown>;

/** What report.json has for each installed integration, and what it can have. */
type Installed = ReadonlyMap<string, { configuration: Settings; forms: SettingsForms }>;

async function withForms(
  installed: ReadonlyMap<string, { collector: KnownCollector; configuration: Settings }>,
): Promise<Installed> {
  const entries = [...installed].map(
    async ([id, { collector, configuration }]) => [id, { configuration, forms: await collector.settings() }] as const,
  );
  return new Map(await Promise.all(entries));
}

function installedOf(
  { collectors }: Known,
  configured: ReadonlyMap<string, Settings>,
  only: readonly string[] | null,
): ReadonlyMap<string, { collector: KnownCollector; configuration: Settings }> {
  const all = new Map<string, { collector: KnownCollector; configuration: Settings }>();
  for (const collector of collectors) {
    const configuration = configured.get(collector.id);
    if (configuration !== undefined) all.set(collector.id, { collector, configuration });
  }
  if (all.size === 0) {
    throw new ReportError(
      'ConfigurationError',
      `report.json: integrations: no vendor is installed; add at least one of ${list(collectors.map(({ id }) => id))}`,
    );
  }
  const strangers = (only ?? []).filter((id) => !all.has(id));
  if (strangers.length > 0 || only?.length === 0) {
    throw new ReportError(
      'ConfigurationError',
      `only: ${strangers.length === 0 ? 'names no integration' : `${list(strangers)} not installed`}; installed: ${list(all.keys())}`,
    );
  }
  return only === null ? all : new Map([...all].filter(([id]) => only.includes(id)));
}

/**
 * Checks each field of a configuration against its own schema; which fields are missing shows only together with the
 * secret.
 */
function refuseFaults(installed: Installed): void {
  const faults: string[] = [];
  for (const [id, { configuration, forms }] of installed) {
    const place = `report.json: integrations.${id}`;
    for (const [name, value] of Object.entries(configuration)) {
      const schema = memberOf(forms.configuration, name) ?? memberOf(forms.secret, name);
      if (schema === undefined) {
        faults.push(`${place}: unknown field "${name}"${knownInConfiguration(forms.configuration)}`);
        continue;
      }
      const issues = z.safeParse(schema, value).error?.issues.slice(0, 3);
      for (const issue of issues ?? []) {
        faults.push(`${place}: ${describeIssue({ ...issue, path: [name, ...issue.path] }, configuration)}`);
      }
    }
  }
  if (faults.length > 0) throw new ReportError('ConfigurationError', faults.join('\n'));
}

const memberOf = ({ shape }: SettingsForms['secret'], name: string) =>
  Object.hasOwn(shape, name) ? shape[name] : undefined;

const mappedIds = (rows: readonly Organization[], integration: string): string[] => [
  ...new Set(rows.flatMap(({ integrationIds }) => integrationIds.get(integration) ?? [])),
];

const list = (ids: Iterable<string>): string => [...ids].join(', ');
