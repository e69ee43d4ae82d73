import { isDeepStrictEqual } from 'node:util';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { bucketObjects } from '../../lambdas/platform/aws-objects.ts';
import { directoryPlatform } from '../../lambdas/platform/directory.ts';
import type { Objects } from '../../lambdas/platform/platform.ts';
import { loadRegistry } from '../../lambdas/registry.ts';
import { ReportError } from '../../lambdas/report/errors.ts';
import { billedFiles, unreadableSources } from '../local/billed-sides.ts';
import { EXIT } from '../local/command.ts';
import { preflight } from '../local/preflight.ts';
import { wholeConfiguration } from '../local/whole-configuration.ts';
import { findInstallation } from './installation.ts';
import type { PushOptions } from './options.ts';
import { type PushedFiles, readPushedFiles } from './pushed-files.ts';
import { SecretVersions } from './secret-versions.ts';

/** Something in AWS that may have to be changed. Its location is shown, its content never. */
export type Change = { act: 'create' | 'renew' | 'keep'; place: string; apply: () => Promise<void> };

/**
 * Uploads a configuration to AWS. Everything is read and checked on both sides before anything is changed. Returns the
 * exit code.
 * Errors: `ConfigurationError`.
 */
export async function push({ config, dryRun, stack }: PushOptions): Promise<number> {
  const registry = await loadRegistry();
  const local = directoryPlatform({ config, out: config });
  const misplaced = await preflight({ config }, registry, local);
  if (misplaced.length > 0) throw new ReportError('ConfigurationError', misplaced.join('\n'));
  const whole = await wholeConfiguration(registry, local.objects);
  const unread = (await billedFiles(whole, local)).flatMap((side) => (side.status === 'failed' ? [side.message] : []));
  unread.push(...(await unreadableSources(whole, registry, local)));
  if (unread.length > 0) throw new ReportError('ConfigurationError', unread.join('\n'));
  const files = await readPushedFiles(config, whole, registry);

  const { bucket, secretPrefix, region } = await findInstallation(stack);
  const changes = await changesFor(
    files,
    bucketObjects(new S3Client({ region }), bucket),
    new SecretVersions(new SecretsManagerClient({ region })),
    secretPrefix,
  );
  for (const file of files.left) say(`leave   secrets/${file}: report.json does not install it`);
  for (const { act, place, apply } of changes) {
    if (act !== 'keep' && !dryRun) await apply();
    say(`${act.padEnd(7)} ${place}`);
  }
  const due = changes.filter(({ act }) => act !== 'keep').length;
  say(
    dryRun ? `Nothing was changed; ${due} of ${changes.length} would be.` : `${due} of ${changes.length} were changed.`,
  );
  return EXIT.done;
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** The differences between the files and AWS. Only reads; nothing is written until a change is applied. */
export async function changesFor(
  files: PushedFiles,
  objects: Pick<Objects, 'read' | 'write' | 'locate'>,
  secrets: Pick<SecretVersions, 'pushed' | 'create' | 'renew'>,
  secretPrefix: string,
): Promise<Change[]> {
  const changes: Change[] = [];
  // Secrets first: a run that begins in between would fail if the configuration named an integration without its
  // secret.
  for (const { integration, name, value } of files.secrets) {
    const secret = `${secretPrefix}${integration}`;
    const there = await secrets.pushed(secret);
    changes.push({
      act: there === undefined ? 'create' : isSameJson(there, value) ? 'keep' : 'renew',
      place: `secret ${secret}`,
      apply: () =>
        there === undefined
          ? secrets.create(secret, `Credentials of ${name} for the billing count report`, value)
          : secrets.renew(secret, value),
    });
  }
  for (const [key, bytes] of files.objects) {
    const there = await objects.read(key);
    changes.push({
      act: there === undefined ? 'create' : Buffer.from(there).equals(bytes) ? 'keep' : 'renew',
      place: objects.locate(key),
      apply: () => objects.write(key, bytes, 'application/json'),
    });
  }
  return changes;
}

function isSameJson(text: string, other: string): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(text), JSON.parse(other));
  } catch {
    return false;
  }
}
