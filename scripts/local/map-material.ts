import * as z from 'zod/mini';
import { readOrganizations } from '../../lambdas/configuration/organizations-json.ts';
import type { ReportConfiguration } from '../../lambdas/configuration/report-json.ts';
import { type Clientele, clienteleOf, type PsaCompany } from '../../lambdas/mapping/clientele.ts';
import { withManaging } from '../../lambdas/mapping/in-report.ts';
import type { Names } from '../../lambdas/mapping/words.ts';
import { jsonText } from '../../lambdas/platform/json-text.ts';
import type { Platform } from '../../lambdas/platform/platform.ts';
import type { Registry } from '../../lambdas/registry.ts';
import type { Collection } from '../../lambdas/report/collection.ts';
import { type BegunRun, earlierRun } from '../../lambdas/run/begun-run.ts';
import { readCollection } from '../../lambdas/run/collection-file.ts';
import { readReportConfiguration } from '../../lambdas/run/configuration-files.ts';
import { readJson } from '../../lambdas/run/json-file.ts';
import { organizationsKey, runFolder } from '../../lambdas/run/keys.ts';
import { idHolders, psasIn } from '../../lambdas/run/known.ts';
import { lastRun } from './last-run.ts';
import { psaCompanies } from './organizations.ts';

/** Everything that the mapping is based on. */
export type MapMaterial = {
  run: BegunRun;
  clientele: Clientele;
  /** The content of organizations.json; undefined if there is none yet. */
  file: unknown;
  managing: { id: string; name: string };
  names: Names;
  notes: string[];
};

const PsaCompanies = z.array(z.object({ integration: z.string(), id: z.string(), domains: z.array(z.string()) }));

/**
 * Reads the configuration and a run's collections. With `fresh` the PSA lists its companies, and the run keeps the
 * list.
 * Errors: `ConfigurationError` with file and field; with `fresh`, those of the PSA.
 */
export async function readMaterial(
  registry: Registry,
  platform: Platform,
  { out, runId, fresh }: { out: string; runId?: string | undefined; fresh: boolean },
): Promise<MapMaterial> {
  const { objects } = platform;
  const { collectors } = registry;
  const psas = registry.psas.map(({ id }) => id);
  const configuration = await readReportConfiguration(objects, { collectors, psas });
  const { managingOrganization: managing, integrations } = configuration;
  const file = await readJson(objects, organizationsKey);
  const listedThere = file === undefined ? [] : readOrganizations(file, collectors, idHolders(psas));
  const organizations = withManaging(listedThere, managing);
  const run = await (runId === undefined
    ? lastRun(objects, out, managing.id, ', or run this with --fresh')
    : earlierRun(objects, runId, managing.id, '--run-id'));
  const installed = collectors.filter(({ id }) => integrations.has(id));
  const collections: Collection[] = [];
  const notes: string[] = [];
  for (const { id, name } of installed) {
    const collection = await readCollection(objects, run.runId, id);
    if (collection === undefined)
      notes.push(`${name}: run ${run.runId} did not count it, so its customers are not looked at`);
    else collections.push(collection);
  }
  const listed = await companiesOf(registry, platform, configuration, run, fresh);
  const installedPsas = psasIn(configuration, { collectors, psas });
  const clientele = clienteleOf({
    catalog: collectors,
    organizations,
    collections,
    psas: installedPsas,
    psaCompanies: listed,
  });
  const names = new Map([...registry.psas, ...collectors].map(({ id, name }) => [id, name]));
  return { run, clientele, file, managing, names, notes };
}

/** The PSA's companies, as it lists them now or as it listed them for this run. */
async function companiesOf(
  registry: Registry,
  platform: Platform,
  configuration: ReportConfiguration,
  { runId }: BegunRun,
  fresh: boolean,
): Promise<PsaCompany[]> {
  const integration = configuration.delivery.psa?.integration;
  if (integration === undefined || !configuration.integrations.has(integration)) return [];
  const key = `${runFolder(runId)}/companies.json`;
  if (!fresh) return z.safeParse(PsaCompanies, await readJson(platform.objects, key)).data ?? [];
  const { companies } = await psaCompanies(registry, platform, configuration);
  const listed = companies.map(({ id, domains = [] }) => ({ integration, id, domains: [...domains] }));
  await platform.objects.write(key, jsonText(listed), 'application/json');
  return listed;
}
