import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mechanism } from '../../lambdas/configuration/delivery.ts';
import { mechanismOf, type ReportConfiguration } from '../../lambdas/configuration/report-json.ts';
import type { Platform } from '../../lambdas/platform/platform.ts';
import { codeOf } from '../../lambdas/platform/whole-file.ts';
import type { Registry } from '../../lambdas/registry.ts';
import { isReportError, ReportError } from '../../lambdas/report/errors.ts';
import { earlierRun } from '../../lambdas/run/begun-run.ts';
import { billingKnown, readBilling } from '../../lambdas/run/billing-files.ts';
import { readOrganizationList, readReportConfiguration } from '../../lambdas/run/configuration-files.ts';
import { mailSettings } from '../../lambdas/run/delivery-settings.ts';
import { knownIn } from '../../lambdas/run/known.ts';
import { MAIL_SECRETS, mailSecretsOf, openMailRoute } from '../../lambdas/run/mail-ways.ts';
import { misplacedCredentials, moveToSecret } from '../../lambdas/run/misplaced.ts';
import { readSecret } from '../../lambdas/run/secret.ts';
import type { ReportOptions } from './options.ts';

/** How long the sandbox may take to answer. */
const SANDBOX_MILLISECONDS = 5_000;

/**
 * Finds everything that can be found before a vendor is called.
 * Returns remarks that are not errors: credentials in report.json.
 * Errors: `ConfigurationError` with one line per fault, each naming file and field, or option, and what is expected.
 */
export async function preflight(
  options: Pick<ReportOptions, 'config' | 'only' | 'since' | 'deliver' | 'sandbox'> & { out?: string },
  registry: Registry,
  platform: Platform,
): Promise<string[]> {
  const known = knownIn(registry);
  const faults: string[] = [];
  const check = async <T>(look: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await look();
    } catch (error) {
      if (!isReportError(error)) throw error;
      faults.push(error.message);
      return undefined;
    }
  };

  const { sandbox, out, since } = options;
  await requireDirectory(options.config);
  const configuration = await check(() => readReportConfiguration(platform.objects, known));
  const organizations = await check(() => readOrganizationList(platform.objects, known));
  if (configuration !== undefined) {
    for (const look of looksAtIntegrations(configuration, options, registry, platform)) await check(look);
    const { id } = configuration.managingOrganization;
    if (since !== undefined) await check(() => earlierRun(platform.objects, since, id, '--since'));
  }
  if (configuration !== undefined && organizations !== undefined) {
    const named = billingKnown(known, organizations, configuration.managingOrganization);
    await check(() => readBilling(platform.objects, named));
  }
  if (faults.some((fault) => /^secrets\/\S+ is missing/mu.test(fault))) {
    faults.push(...(await strayedSecrets(options.config, registry)));
  }
  if (sandbox !== undefined) await check(() => requireAnswer(sandbox));
  if (out !== undefined) await check(() => requireWritable(out));
  if (faults.length > 0) throw new ReportError('ConfigurationError', faults.join('\n'));
  return configuration === undefined ? [] : misplaced(configuration, registry);
}

const misplaced = ({ integrations }: ReportConfiguration, { collectors, psas }: Registry): string[] =>
  [...integrations].flatMap(([id, settings]) => {
    const shapes = [...collectors, ...psas].filter((declared) => declared.id === id).map(({ secret }) => secret);
    const members = shapes.flatMap((secret) => misplacedCredentials(settings, secret));
    return [...new Set(members)].map((member) => moveToSecret(id, member));
  });

/** Fails with `ConfigurationError` if something is wrong. */
type Look = () => Promise<void> | void;

/** The settings of everything that this run will call: its collectors, and what delivers. */
function* looksAtIntegrations(
  configuration: ReportConfiguration,
  { only, deliver }: Pick<ReportOptions, 'only' | 'deliver'>,
  { collectors, psas }: Registry,
  platform: Platform,
): Generator<Look> {
  yield* looksAtCollectors(configuration, only, collectors, platform);
  let mechanism: Mechanism | undefined;
  yield () => {
    mechanism = mechanismOf(configuration, deliver);
  };
  if (mechanism === 'psa') yield () => lookAtPsa(configuration, psas, platform);
  if (mechanism === 'email') yield* looksAtMail(configuration, platform);
}

function* looksAtCollectors(
  { integrations, timeZone }: ReportConfiguration,
  only: ReportOptions['only'],
  collectors: Registry['collectors'],
  platform: Platform,
): Generator<Look> {
  const installed = collectors.filter(({ id }) => integrations.has(id));
  const ids = installed.map(({ id }) => id);
  if (installed.length === 0) {
    yield fault(
      `report.json: integrations: no vendor is installed; add at least one of ${collectors.map(({ id }) => id).join(', ')}`,
    );
  }
  const strangers = (only ?? []).filter((id) => !ids.includes(id));
  if (strangers.length > 0) {
    yield fault(
      `--only: report.json does not install ${strangers.join(', ')} to count from; it installs ${ids.join(', ')}`,
    );
  }
  for (const collector of installed) {
    if (only?.includes(collector.id) === false) continue;
    yield async () => {
      const secret = await readSecret(platform.secrets, collector);
      collector.open(
        { secret, configuration: integrations.get(collector.id) },
        {
          asOf: new Date(platform.clock.now()).toISOString(),
          timeZone: timeZone ?? platform.timeZone,
          mapped: [],
          keepSecret: keepNothing,
          lockSecret: lockNothing,
        },
      );
    };
  }
}

async function lookAtPsa(
  { integrations, delivery }: ReportConfiguration,
  psas: Registry['psas'],
  { secrets }: Platform,
): Promise<void> {
  const psa = psas.find(({ id }) => id === delivery.psa?.integration);
  if (psa === undefined) return;
  psa.check({ secret: await readSecret(secrets, psa), configuration: integrations.get(psa.id) });
}

function* looksAtMail(configuration: ReportConfiguration, platform: Platform): Generator<Look> {
  const { email } = configuration.delivery;
  if (email === undefined) return;
  const settings = { email, ...mailSettings(configuration) };
  for (const { id } of mailSecretsOf(email)) {
    yield async () => {
      await openMailRoute(id, settings, platform, { deadline: Number.POSITIVE_INFINITY });
    };
  }
}

/** Opening reads settings and sends nothing, so no token can rotate. */
const keepNothing = async () => undefined;
const lockNothing = () => Promise.reject(new Error('settings are read without using up a credential'));

const fault = (message: string) => () => {
  throw new ReportError('ConfigurationError', message);
};

/** Errors: `ConfigurationError` if the configuration is not a directory. */
export async function requireDirectory(config: string): Promise<void> {
  const entry = await stat(config).catch(() => undefined);
  if (entry?.isDirectory() === true) return;
  throw new ReportError(
    'ConfigurationError',
    `--config: ${config} is not a directory; expected one with report.json, organizations.json and secrets/`,
  );
}

/** Files that a missing secret may be in, under a wrong name (Huntress.json, huntress.json.txt). */
export async function strayedSecrets(config: string, { collectors, psas }: Registry): Promise<string[]> {
  const mail = Object.values(MAIL_SECRETS);
  const expected = new Set([...collectors, ...psas, ...mail].map(({ id }) => `${id}.json`));
  const there = await readdir(join(config, 'secrets'), { withFileTypes: true }).catch(() => undefined);
  if (there === undefined) return [`secrets: ${join(config, 'secrets')} is not a directory`];
  const strayed = there.filter((entry) => entry.isFile() && !expected.has(entry.name)).map(({ name }) => name);
  if (strayed.length === 0) return [];
  return [
    `secrets: holds ${strayed.sort().join(', ')}, which no integration reads; name each file after its integration's id, as above`,
  ];
}

/** Errors: `ConfigurationError` if nothing answers at the sandbox's address. */
export async function requireAnswer(sandbox: URL): Promise<void> {
  try {
    await fetch(sandbox.origin, { redirect: 'manual', signal: AbortSignal.timeout(SANDBOX_MILLISECONDS) });
  } catch (error) {
    throw new ReportError(
      'ConfigurationError',
      `--sandbox: nothing answers at ${sandbox.origin}; start it with npm run sandbox`,
      {
        cause: error,
      },
    );
  }
}

async function requireWritable(out: string): Promise<void> {
  const probe = join(out, `.writable-${process.pid}`);
  try {
    await mkdir(out, { recursive: true });
    await writeFile(probe, '');
    await rm(probe);
  } catch (error) {
    const message = `--out: cannot write into ${out} (${codeOf(error)}); choose another folder`;
    throw new ReportError('ConfigurationError', message, { cause: error });
  }
}
