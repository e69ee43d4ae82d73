import type { Secrets } from '../platform/platform.ts';
import { isReportError, ReportError } from '../report/errors.ts';
import type { Members } from '../wire/settings.ts';

/** An integration with credentials: a collector or a PSA. */
export type Credentialed = { id: string; name: string; secret: Members };

/** Placeholders for a credential: <your key>, TODO, … */
const PLACEHOLDER = /^(<.*>|\{\{.*\}\}|todo|change-?me|replace-?me|\.{3}|…)$/iu;

/**
 * The secret of an integration.
 * Errors: `ConfigurationError` naming the file and its fields if there is none, and each field that is empty, was never
 * filled in, or was copied with a space or line break: a vendor would only answer that the key is wrong.
 */
export async function readSecret(secrets: Secrets, integration: Credentialed): Promise<unknown> {
  const { id, name, secret: shape } = integration;
  const file = `secrets/${id}.json`;
  const secret = await secrets.read(id);
  if (typeof secret === 'object' && secret !== null && !Array.isArray(secret)) {
    const faults = Object.entries(secret).flatMap(([member, value]) => {
      const fault = typeof value === 'string' ? faultIn(member, value) : undefined;
      return fault === undefined ? [] : [`${file}: ${member}: ${fault}`];
    });
    if (faults.length === 0) return secret;
    throw new ReportError('ConfigurationError', faults.join('\n'));
  }
  const fields = Object.entries(shape.shape).map(([field, { _zod }]) =>
    _zod.optin === 'optional' ? `${field} (optional)` : field,
  );
  const fault =
    secret === undefined ? `is missing (on AWS: the secret billing-count-report/${id})` : 'holds no JSON object';
  throw new ReportError('ConfigurationError', `${file} ${fault}; ${name} needs in it: ${fields.join(', ')}`);
}

function faultIn(member: string, value: string): string | undefined {
  if (value.trim() === '') return 'expected some text; leave the field out if it is not needed';
  if (PLACEHOLDER.test(value.trim())) return 'still a placeholder; fill in the value from the vendor';
  // A PEM text ends with a line break, and a password can contain a space.
  const clean = value.includes('-----BEGIN')
    ? value
    : /password/iu.test(member)
      ? value.replace(/[\r\n]/gu, '')
      : value.trim();
  return value === clean ? undefined : 'starts or ends with a space or a line break; remove it';
}

/** The message on refused credentials must name them: it names the file, unless it does already. */
export function withPlaceOfSecret(error: unknown, { id }: Pick<Credentialed, 'id'>): unknown {
  if (!isReportError(error, 'VendorAuthError') || error.message.includes(`secrets/${id}.json`)) return error;
  return new ReportError(error.name, `${error.message}; the credentials are those of secrets/${id}.json`, {
    cause: error.cause,
    wide: error.wide,
  });
}
