import type { Secrets } from '../platform/platform.ts';
import { ReportError } from '../report/errors.ts';
import type { Members } from '../vendor/settings.ts';

/** An integration with credentials: a collector or a PSA. */
export type Credentialed = { id: string; name: string; secret: Members };

/** The secret of an integration. Errors: `ConfigurationError` naming the file and its fields where there is none. */
export async function readSecret(secrets: Secrets, { id, name, secret: shape }: Credentialed): Promise<unknown> {
  const secret = await secrets.read(id);
  if (secret !== undefined) return secret;
  const fields = Object.entries(shape.shape).map(([field, { _zod }]) =>
    _zod.optin === 'optional' ? `${field} (optional)` : field,
  );
  throw new ReportError(
    'ConfigurationError',
    `secrets/${id}.json is missing (on AWS: the secret billing-count-report/${id}); ${name} expects in it: ${fields.join(', ')}`,
  );
}
