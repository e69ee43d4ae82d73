import type { Objects } from '../platform/platform.ts';
import { ReportError } from '../report/errors.ts';
import { isRecord, ownMember } from '../report/record.ts';
import type { Members } from '../wire/settings.ts';
import { readJson } from './json-file.ts';
import { reportConfigurationKey } from './keys.ts';

/** Fields of secrets that are credentials, not addresses or names, have names like these. */
const CREDENTIAL = /(key|secret|password|token|pem|code)$/iu;

/**
 * The fields of `integrations.<id>` in report.json that are credentials, which are not protected there. `secret` is the
 * schema of the integration's secret, if available.
 */
export const misplacedCredentials = (settings: Record<string, unknown>, secret?: Members): string[] =>
  Object.keys(settings).filter(
    (name) => CREDENTIAL.test(name) && (secret === undefined || Object.hasOwn(secret.shape, name)),
  );

/** Fields of the secret can be in report.json; they are just as secret there. */
export const misplacedSecrets = (
  configuration: Record<string, unknown>,
  { secret }: { secret: Members },
): Record<string, unknown> =>
  Object.fromEntries(Object.entries(configuration).filter(([name]) => Object.hasOwn(secret.shape, name)));

/** What to do about such a field, in a sentence. */
export const moveToSecret = (id: string, member: string): string =>
  `report.json: integrations.${id}.${member}: this is a credential, and everyone who can read the configuration can read it; move it to secrets/${id}.json`;

/** The same settings without these fields, so that no file of a run contains them. */
export const without = (settings: Record<string, unknown>, members: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(settings).filter(([name]) => !members.includes(name)));

/**
 * An integration's settings without its credentials, of which only the names are kept: no file of a run contains them.
 */
export function ownSettings(settings: Record<string, unknown>, secret?: Members) {
  const misplaced = misplacedCredentials(settings, secret);
  return { configuration: without(settings, misplaced), misplaced };
}

/**
 * Reads those fields again from report.json. Only possible on the user's own machine: on AWS an integration's function
 * reads no configuration. Errors: `ConfigurationError` telling where the fields belong.
 */
export async function readMisplaced(
  objects: Objects,
  id: string,
  members: readonly string[],
): Promise<Record<string, unknown>> {
  if (members.length === 0) return {};
  const report = await readJson(objects, reportConfigurationKey).catch((cause: unknown) => {
    const faults = members.map((member) => moveToSecret(id, member));
    throw new ReportError('ConfigurationError', faults.join('\n'), { cause });
  });
  const integrations = isRecord(report) ? report.integrations : undefined;
  const settings = isRecord(integrations) ? ownMember(integrations, id) : undefined;
  return isRecord(settings) ? Object.fromEntries(members.map((member) => [member, settings[member]])) : {};
}
