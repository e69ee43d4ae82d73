import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LARGEST_SECRET_BYTES } from '../../lambdas/platform/aws-secrets.ts';
import { parseWrittenJson } from '../../lambdas/platform/json-text.ts';
import type { Registry } from '../../lambdas/registry.ts';
import { ReportError } from '../../lambdas/report/errors.ts';
import { mailSecretsOf } from '../../lambdas/run/mail-ways.ts';
import type { WholeConfiguration } from '../local/whole-configuration.ts';

export type SecretFile = { integration: string; name: string; value: string };

/** A checked configuration directory, as it is uploaded to AWS. */
export type PushedFiles = {
  /** Key in the bucket -> unchanged bytes. */
  objects: ReadonlyMap<string, Uint8Array>;
  secrets: readonly SecretFile[];
  /** Files below secrets/ that stay here, because report.json does not install their integration. */
  left: readonly string[];
};

/**
 * Reads what to push: the configuration's files, and the secrets of the installed integrations, of the PSAs whose
 * agreements are read, and of what sends the mail.
 * Errors: `ConfigurationError` for a secret that is too large, all of them at once.
 */
export async function readPushedFiles(
  config: string,
  { configuration: { integrations, delivery }, billing }: Pick<WholeConfiguration, 'configuration' | 'billing'>,
  { collectors, psas }: Registry,
): Promise<PushedFiles> {
  const mail = mailSecretsOf(delivery.email);
  const names = new Map([...mail, ...psas, ...collectors].map(({ id, name }) => [id, name]));
  const sources = billing?.sources ?? [];
  const wanted = new Set([...integrations.keys(), ...sources.map(({ id }) => id), ...mail.map(({ id }) => id)]);
  const installed = (file: string): boolean => wanted.has(file.replace(/\.json$/u, ''));
  const files = (await readdir(join(config, 'secrets'))).filter((file) => file.endsWith('.json')).sort();
  const secrets = await Promise.all(
    files.filter(installed).map(async (file): Promise<SecretFile> => {
      const integration = file.replace(/\.json$/u, '');
      // Without the file's layout, so that a changed indentation is not a new version.
      const value = JSON.stringify(parseWrittenJson(await readFile(join(config, 'secrets', file)), `secrets/${file}`));
      return { integration, name: names.get(integration) ?? integration, value };
    }),
  );
  const large = secrets.filter(({ value }) => Buffer.byteLength(value) > LARGEST_SECRET_BYTES);
  if (large.length > 0) {
    const faults = large.map(
      ({ integration, value }) =>
        `secrets/${integration}.json: expected at most ${LARGEST_SECRET_BYTES} bytes, which is what Secrets Manager holds; ` +
        `found ${Buffer.byteLength(value)}`,
    );
    throw new ReportError('ConfigurationError', faults.join('\n'));
  }
  const objects = new Map<string, Uint8Array>();
  const billed = sources.flatMap((source) => (source.kind === 'file' ? [source.settings.file] : []));
  const optional = billing === undefined ? [] : ['billing.json', ...billed];
  for (const file of ['report.json', 'organizations.json', ...optional]) {
    objects.set(`config/${file}`, await readFile(join(config, file)));
  }
  return { objects, secrets, left: files.filter((file) => !installed(file)) };
}
