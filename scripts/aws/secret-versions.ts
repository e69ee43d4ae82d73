import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { nameOf } from '../../lambdas/platform/aws-fault.ts';

/**
 * Labels the version that came from a push. A collector whose tokens rotate writes newer versions, which must not be
 * replaced by the file of the first one; so a file is compared with the version that was pushed, not with the newest.
 */
const PUSHED = 'PUSHED';
const CURRENT = 'AWSCURRENT';

/** The secrets of an installation, as `push` sees them. */
export class SecretVersions {
  readonly #client: Pick<SecretsManagerClient, 'send'>;

  constructor(client: Pick<SecretsManagerClient, 'send'>) {
    this.#client = client;
  }

  /** The last pushed value, or the present one if it was not pushed; undefined if there is no such secret. */
  async pushed(name: string): Promise<string | undefined> {
    return (await this.#value(name, PUSHED)) ?? (await this.#value(name, CURRENT));
  }

  /** Creates the secret. */
  async create(name: string, description: string, value: string): Promise<void> {
    const { VersionId } = await this.#client.send(
      new CreateSecretCommand({ Name: name, Description: description, SecretString: value }),
    );
    await this.#client.send(
      new UpdateSecretVersionStageCommand({ SecretId: name, VersionStage: PUSHED, MoveToVersionId: VersionId }),
    );
  }

  /** Adds a new version; the one before it can still be read as AWSPREVIOUS. */
  async renew(name: string, value: string): Promise<void> {
    await this.#client.send(
      new PutSecretValueCommand({ SecretId: name, SecretString: value, VersionStages: [CURRENT, PUSHED] }),
    );
  }

  async #value(name: string, stage: string): Promise<string | undefined> {
    try {
      const { SecretString } = await this.#client.send(
        new GetSecretValueCommand({ SecretId: name, VersionStage: stage }),
      );
      return SecretString;
    } catch (error) {
      if (nameOf(error) === 'ResourceNotFoundException') return undefined;
      throw error;
    }
  }
}
