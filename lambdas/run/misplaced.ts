import type { Objects } from '../platform/platform.ts';
import { ReportError } from '../report/errors.ts';
import { isRecord, ownMember } from '../report/record.ts';
import type { Members } from '../wire/settings.ts';
import { readJson } from './json-file.ts';
import { reportConfigurationKey } from './keys.ts';

/** Members of secrets that are credentials, and not addresses or names, go by names like these. */
const CREDENTIAL = /(key|secret|password|token|pem|code)$/iu;

/**
 * The members of `integrations.<id>` in report.json that are credentials, which everybody may read there. `secret` is the shape of
 * the integration's secret, where it is at hand.
 */
export const misplacedCredentials = (settings: Record<string, unknown>, secret?: Members): string[] =>
  Object.keys(settings).filter(
    (name) => CREDENTIAL.test(name) && (secret === undefined || Object.hasOwn(secret.shape, name)),
  );

/** Members of the secret may be written in report.json; they are no less secret there. */
export const misplacedSecrets = (
  configuration: Record<string, unknown>,
  { secret }: { secret: Members },
): Record<string, unknown> =>
  Object.fromEntries(Object.entries(configuration).filter(([name]) => Object.hasOwn(secret.shape, name)));

/** What to do about such a member, in a sentence. */
export const moveToSecret = (id: string, member: string): string =>
  `report.json: integrations.${id}.${member}: this is a credential, and everyone who can read the configuration can read it; move it to secrets/${id}.json`;

/** The same settings without these members, so that no file of a run holds them. */
export const without = (settings: Record<string, unknown>, members: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(settings).filter(([name]) => !members.includes(name)));

/** An integration's settings without the credentials among them, which are named alone, so that no file of a run holds them. */
export function ownSettings(settings: Record<string, unknown>, secret?: Members) {
  const misplaced = misplacedCredentials(settings, secret);
  return { configuration: without(settings, misplaced), misplaced };
}

/**
 * Those members, read again where they are. Only a run on the user's own machine may: on AWS an integration's function reads no
 * configuration. Errors: `ConfigurationError` saying where the members belong.
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
