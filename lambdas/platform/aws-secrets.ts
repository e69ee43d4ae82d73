import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ReportError } from '../report/errors.ts';
import type { Environment } from './aws.ts';
import { nameOf } from './aws-fault.ts';
import { parseWrittenJson } from './json-text.ts';
import type { Secrets } from './platform.ts';

const SECRET_PREFIX = 'billing-count-report/';

/** The secrets of this installation; no connection is opened before the first use. */
export function awsSecrets(environment: Environment): Secrets {
  const prefix = environment.SECRET_PREFIX ?? SECRET_PREFIX;
  const client = new SecretsManagerClient({ maxAttempts: 5 });
  return managedSecrets(client, prefix.endsWith('/') ? prefix : `${prefix}/`);
}

/** The most bytes of a secret. */
export const LARGEST_SECRET_BYTES = 65_536;

/**
 * One Secrets Manager secret per integration, named prefix + integration. Read again on every call: rotation means that
 * the value changed. Errors: `ConfigurationError` if the secret is not JSON, is marked for deletion, or the role has no
 * right to it.
 */
export function managedSecrets(client: Pick<SecretsManagerClient, 'send'>, prefix: string): Secrets {
  return {
    async read(integration) {
      const name = `${prefix}${integration}`;
      try {
        const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: name }));
        if (SecretString === undefined) {
          throw new ReportError('ConfigurationError', `the secret ${name} holds bytes; it must hold JSON text`);
        }
        return parseWrittenJson(SecretString, `the secret ${name}`);
      } catch (error) {
        if (nameOf(error) === 'ResourceNotFoundException') return undefined;
        throw refused(error, 'read', name);
      }
    },
    async write(integration, secret) {
      const name = `${prefix}${integration}`;
      const text = JSON.stringify(secret);
      if (Buffer.byteLength(text) > LARGEST_SECRET_BYTES) {
        throw new ReportError(
          'ConfigurationError',
          `the secret ${name} would be larger than ${LARGEST_SECRET_BYTES} bytes`,
        );
      }
      try {
        await client.send(new PutSecretValueCommand({ SecretId: name, SecretString: text }));
      } catch (error) {
        if (nameOf(error) === 'ResourceNotFoundException') {
          throw new ReportError('ConfigurationError', `there is no secret ${name} to write to`, { cause: error });
        }
        throw refused(error, 'write', name);
      }
    },
  };
}

/** The SDK's error, or what to look at if AWS does not let us reach the secret. */
function refused(error: unknown, doing: 'read' | 'write', name: string): unknown {
  switch (nameOf(error)) {
    case 'AccessDeniedException':
    case 'InvalidRequestException':
    case 'DecryptionFailure':
    case 'DecryptionFailureException':
      return new ReportError(
        'ConfigurationError',
        `cannot ${doing} the secret ${name} (${nameOf(error)}): look at the function's role, the key, and whether it is marked for deletion`,
        { cause: error },
      );
    default:
      return error;
  }
}
