import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { SecretVersions } from '../../../scripts/aws/secret-versions.ts';

/** Secrets Manager as far as its stages go: a secret's versions, and which of them each stage is attached to. */
function manager() {
  const secrets = new Map<string, { versions: string[]; stages: Map<string, number> }>();
  const send = async (command: unknown): Promise<unknown> => {
    if (command instanceof CreateSecretCommand) {
      const { Name = '', SecretString = '' } = command.input;
      secrets.set(Name, { versions: [SecretString], stages: new Map([['AWSCURRENT', 0]]) });
      return { VersionId: '0' };
    }
    if (
      command instanceof UpdateSecretVersionStageCommand ||
      command instanceof PutSecretValueCommand ||
      command instanceof GetSecretValueCommand
    ) {
      const secret = secrets.get(command.input.SecretId ?? '');
      if (command instanceof UpdateSecretVersionStageCommand) {
        secret?.stages.set(command.input.VersionStage ?? '', Number(command.input.MoveToVersionId));
        return {};
      }
      if (command instanceof PutSecretValueCommand) {
        const version = (secret?.versions.push(command.input.SecretString ?? '') ?? 0) - 1;
        for (const stage of command.input.VersionStages ?? ['AWSCURRENT']) secret?.stages.set(stage, version);
        return {};
      }
      const version = secret?.stages.get(command.input.VersionStage ?? 'AWSCURRENT');
      const value = version === undefined ? undefined : secret?.versions[version];
      if (value === undefined) throw Object.assign(new Error('none'), { name: 'ResourceNotFoundException' });
      return { SecretString: value };
    }
    throw new Error('unexpected command');
  };
  // The SDK's many overloads of `send` leave no other way to stand in for it.
  return { client: { send } as unknown as Pick<SecretsManagerClient, 'send'>, secrets };
}

describe('the version that was pushed', () => {
  it('is undefined if there is no secret', async () => {
    expect(await new SecretVersions(manager().client).pushed('p/acme')).toBeUndefined();
  });

  it('stays the one to compare with when the collector has rotated the secret since', async () => {
    const { client } = manager();
    const versions = new SecretVersions(client);
    await versions.create('p/acme', 'of Acme', 'first');
    await client.send(new PutSecretValueCommand({ SecretId: 'p/acme', SecretString: 'rotated' }));
    expect(await versions.pushed('p/acme')).toBe('first');
  });

  it('is in use at once when it is renewed', async () => {
    const { client, secrets } = manager();
    const versions = new SecretVersions(client);
    await versions.create('p/acme', 'of Acme', 'first');
    await client.send(new PutSecretValueCommand({ SecretId: 'p/acme', SecretString: 'rotated' }));
    await versions.renew('p/acme', 'second');
    expect(await versions.pushed('p/acme')).toBe('second');
    expect(secrets.get('p/acme')?.stages.get('AWSCURRENT')).toBe(2);
  });

  it('is the current one if somebody created the secret by hand', async () => {
    const { client } = manager();
    await client.send(new CreateSecretCommand({ Name: 'p/acme', SecretString: 'by hand' }));
    expect(await new SecretVersions(client).pushed('p/acme')).toBe('by hand');
  });
});
