import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReportConfiguration } from '../../lambdas/configuration/report-json.ts';
import { jsonText } from '../../lambdas/platform/json-text.ts';
import type { Platform } from '../../lambdas/platform/platform.ts';
import { codeOf, createFile } from '../../lambdas/platform/whole-file.ts';
import type { Registry } from '../../lambdas/registry.ts';
import { isReportError, ReportError } from '../../lambdas/report/errors.ts';
import { readReportConfiguration } from '../../lambdas/run/configuration-files.ts';
import { EXIT } from './command.ts';
import type { Conversation } from './conversation.ts';
import { runDoctor } from './doctor.ts';
import { address, parse, usage } from './options.ts';
import { firstOrganizations } from './organizations.ts';
import { preflight } from './preflight.ts';
import { askForReport, Left } from './setup-questions.ts';
import { secretSkeleton, secretsPage } from './setup-secrets.ts';

export const SETUP_HELP = `Usage: npm run setup -- --config DIR [options]

Guides you through a first configuration: asks which systems you use, and writes into DIR what is missing: report.json, a
skeleton of each secret, secrets.md, which shows where to get its fields, and organizations.json from your PSA. It overwrites
nothing. You can also write every file by hand, and you can leave and run it again at any time.

  --config DIR        the directory; it is created if missing (required)
  --sandbox URL       send every request to this address instead of the PSA; the Host header names the PSA
  --quiet             no remarks on what is already there
  --help              this text

Exit code: 0 everything is there, 1 something is left to do, 2 bad usage or an invalid file.`;

export type SetupOptions = { config: string; sandbox?: URL; quiet: boolean };

/** Reads the command line of `setup`. Errors: `ConfigurationError`. */
export function readSetupOptions(args: readonly string[]): SetupOptions | 'help' {
  const { help, config, sandbox, quiet } = parse(args, {
    config: { type: 'string' },
    sandbox: { type: 'string' },
    quiet: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  });
  if (help) return 'help';
  if (config === undefined) throw usage('--config: expected the directory to write to');
  return { config, ...(sandbox === undefined ? {} : { sandbox: address(sandbox) }), quiet };
}

/**
 * Writes the missing files, one after the other. `done` reports each file that was written or found. Returns the exit
 * code.
 * Errors: `ConfigurationError` for an existing file that is wrong, or one that cannot be written.
 */
export async function setUp(
  { config, sandbox, quiet }: SetupOptions,
  registry: Registry,
  platform: Platform,
  talk: Conversation,
  done: (line: string) => void,
): Promise<number> {
  const write = async (name: string, content: string, mode?: number) => {
    const isNew = await created(join(config, name), content, mode);
    if (isNew || !quiet) done(`${name}: ${isNew ? 'written' : 'already there, left as it is'}`);
  };
  try {
    if (!(await isThere(join(config, 'report.json')))) {
      await write('report.json', jsonText(await askForReport(registry, talk)));
    } else if (!quiet) done('report.json: already there, left as it is');
    const configuration = await readReportConfiguration(platform.objects, {
      collectors: registry.collectors,
      psas: registry.psas.map(({ id }) => id),
    });
    const installed = installedOf(registry, configuration);
    await write('secrets.md', secretsPage(installed));
    for (const integration of installed) {
      await write(`secrets/${integration.id}.json`, jsonText(secretSkeleton(integration)), 0o600);
    }
    if (!(await isThere(join(config, 'organizations.json')))) {
      await write('organizations.json', await organizationsOf(registry, configuration, platform, talk));
    } else if (!quiet) done('organizations.json: already there, left as it is');
    return await check({ config, ...(sandbox === undefined ? {} : { sandbox }) }, registry, platform, talk);
  } catch (error) {
    if (!(error instanceof Left)) throw error;
    talk.say(`\nRun npm run setup -- --config ${config} again to continue from here`);
    return EXIT.notDone;
  }
}

/** Every integration that report.json installs, each once. */
function installedOf({ collectors, psas }: Registry, { integrations }: ReportConfiguration) {
  const all = new Map([...psas, ...collectors].map((integration) => [integration.id, integration]));
  return [...all.values()].filter(({ id }) => integrations.has(id));
}

/** The companies of the PSA as soon as its secret is filled in; without a PSA an empty list. Errors: `Left`. */
async function organizationsOf(
  registry: Registry,
  { delivery }: ReportConfiguration,
  platform: Platform,
  talk: Conversation,
): Promise<string> {
  const psa = delivery.psa?.integration;
  if (psa === undefined) return jsonText({ organizations: [] });
  talk.say(
    `\nThe companies come from your PSA, which needs secrets/${psa}.json; secrets.md shows where to get its fields.`,
  );
  for (;;) {
    const answer = await talk.ask('Fill it in, then press Enter (or Ctrl-C to continue another time) > ');
    if (answer === undefined) throw new Left();
    try {
      const { json, notes } = await firstOrganizations(registry, platform);
      talk.say(notes.join('\n'));
      return json;
    } catch (error) {
      if (!isReportError(error)) throw error;
      talk.say(`${error.message}\n`);
    }
  }
}

/** What is still to be filled in; if nothing is, whether the keys work. */
async function check(
  { config, sandbox }: Pick<SetupOptions, 'config' | 'sandbox'>,
  registry: Registry,
  platform: Platform,
  talk: Conversation,
): Promise<number> {
  try {
    await preflight({ config, ...(sandbox === undefined ? {} : { sandbox }) }, registry, platform);
  } catch (error) {
    if (!isReportError(error, 'ConfigurationError')) throw error;
    talk.say(`\nStill to do:\n${error.message}`);
    return EXIT.notDone;
  }
  const streams = { result: talk.say, progress: () => {} };
  const outcome = await runDoctor(
    { config, ...(sandbox === undefined ? {} : { sandbox }) },
    registry,
    platform,
    streams,
  );
  if (outcome !== EXIT.done) return EXIT.notDone;
  talk.say(
    `\nEverything is there. Next: npm run report -- --config ${config} --deliver none, then npm run map -- --config ${config}`,
  );
  return EXIT.done;
}

const isThere = async (path: string): Promise<boolean> => (await stat(path).catch(() => undefined)) !== undefined;

/** Writes a file if there is none; otherwise false, whatever is in it. */
async function created(path: string, content: string, mode?: number): Promise<boolean> {
  try {
    await mkdir(join(path, '..'), { recursive: true });
    return await createFile(path, content, mode);
  } catch (error) {
    throw new ReportError('ConfigurationError', `cannot write ${path} (${codeOf(error)})`, { cause: error });
  }
}
