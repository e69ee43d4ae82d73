import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { fileShape } from '../../../lambdas/billing/billed-csv/settings.ts';
import type { BillingConfiguration } from '../../../lambdas/billing/configuration.ts';
import type { ReportConfiguration } from '../../../lambdas/configuration/report-json.ts';
import type { Registry } from '../../../lambdas/registry.ts';
import { changesFor } from '../../../scripts/aws/push.ts';
import { type PushedFiles, readPushedFiles } from '../../../scripts/aws/pushed-files.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const configuration: ReportConfiguration = {
  managingOrganization: { id: 'northwind-msp', name: 'Northwind MSP' },
  integrations: new Map([['acme', {}]]),
  delivery: { mechanism: 'return' },
  timeZone: undefined,
  units: 'named',
};

function directory(secrets: Record<string, unknown>): string {
  const folder = mkdtempSync(join(tmpdir(), 'push-'));
  folders.push(folder);
  mkdirSync(join(folder, 'secrets'));
  for (const file of ['report.json', 'organizations.json']) writeFileSync(join(folder, file), `{"file": "${file}"}`);
  for (const [id, secret] of Object.entries(secrets)) {
    writeFileSync(join(folder, 'secrets', `${id}.json`), JSON.stringify(secret, null, 2));
  }
  return folder;
}

const NOTHING: Registry = { collectors: [], psas: [], sources: [] };

const files = (secrets: Record<string, unknown>): Promise<PushedFiles> =>
  readPushedFiles(directory(secrets), { configuration, billing: undefined }, NOTHING);

describe('what is pushed', () => {
  it('is the two files and the secrets of what is installed', async () => {
    const read = await files({ acme: { apiKey: 'k' }, elsewhere: { apiKey: 'x' } });
    expect([...read.objects.keys()]).toEqual(['config/report.json', 'config/organizations.json']);
    expect(read.secrets).toEqual([{ integration: 'acme', name: 'acme', value: '{"apiKey":"k"}' }]);
    expect(read.left).toEqual(['elsewhere.json']);
  });

  it('includes the secret of the mail service, which is not among the integrations', async () => {
    const email = { from: 'a@b.example', recipients: ['c@d.example'], via: 'smtp' as const };
    const mailed = { ...configuration, delivery: { mechanism: 'email' as const, email } };
    const read = await readPushedFiles(
      directory({ smtp: { port: 587 } }),
      { configuration: mailed, billing: undefined },
      NOTHING,
    );
    expect(read.secrets).toEqual([{ integration: 'smtp', name: 'SMTP', value: '{"port":587}' }]);
  });

  it('includes billing.json, the file of billed lines that it names, and the secret of a PSA that only bills', async () => {
    const folder = directory({ 'connectwise-psa': { publicKey: 'p' } });
    for (const file of ['billing.json', 'billed.csv']) writeFileSync(join(folder, file), 'x');
    const billing: BillingConfiguration = {
      sources: [
        { kind: 'psa', id: 'connectwise-psa', name: 'ConnectWise PSA', settings: {} },
        { kind: 'file', id: 'billed-csv', settings: fileShape([]).parse({ file: 'billed.csv' }) },
      ],
      ...{ period: 'current', services: [], exceptions: [] },
    };
    const { objects, secrets } = await readPushedFiles(folder, { configuration, billing }, NOTHING);
    expect([...objects.keys()].slice(2)).toEqual(['config/billing.json', 'config/billed.csv']);
    expect(secrets.map(({ integration }) => integration)).toEqual(['connectwise-psa']);
  });

  it('refuses a secret that is too large for Secrets Manager', async () => {
    await expect(files({ acme: { apiKey: 'k'.repeat(65_537) } })).rejects.toThrow(
      /secrets\/acme\.json: expected at most 65536 bytes.*found 65550/u,
    );
    await expect(files({ acme: { apiKey: 'k'.repeat(65_000) } })).resolves.toBeDefined();
  });
});

/** AWS in memory: its content, and what was written in which order. */
function account(secrets: Map<string, string>, objects = new Map<string, string>()) {
  const written: string[] = [];
  return {
    written,
    objects: {
      locate: (key: string) => `s3://b/${key}`,
      read: async (key: string) => {
        const text = objects.get(key);
        return text === undefined ? undefined : Buffer.from(text);
      },
      write: async (key: string, body: string | Uint8Array) => {
        objects.set(key, Buffer.from(body).toString());
        written.push(key);
      },
    },
    secrets: {
      pushed: async (name: string) => secrets.get(name),
      create: async (name: string, _: string, value: string) => {
        secrets.set(name, value);
        written.push(`create ${name}`);
      },
      renew: async (name: string, value: string) => {
        secrets.set(name, value);
        written.push(`renew ${name}`);
      },
    },
  };
}

describe('a push', () => {
  it('shows what it would do and does nothing until it is applied', async () => {
    const { objects, secrets, written } = account(new Map([['p/acme', '{"apiKey":"old"}']]));
    const changes = await changesFor(await files({ acme: { apiKey: 'new-key' } }), objects, secrets, 'p/');
    expect(changes.map(({ act, place }) => `${act} ${place}`)).toEqual([
      'renew secret p/acme',
      'create s3://b/config/report.json',
      'create s3://b/config/organizations.json',
    ]);
    expect(written).toEqual([]);
    expect(JSON.stringify(changes)).not.toContain('new-key');
    for (const { apply } of changes) await apply();
    expect(written).toEqual(['renew p/acme', 'config/report.json', 'config/organizations.json']);
  });

  it('does not touch what has not changed, whatever its layout', async () => {
    const { objects, secrets } = account(
      new Map([['p/acme', '{ "apiKey" : "k" }']]),
      new Map([['config/report.json', '{"file": "report.json"}']]),
    );
    const changes = await changesFor(await files({ acme: { apiKey: 'k' } }), objects, secrets, 'p/');
    expect(changes.map(({ act }) => act)).toEqual(['keep', 'keep', 'create']);
  });

  it('replaces a secret that is not JSON', async () => {
    const { objects, secrets } = account(new Map([['p/acme', 'typed by hand']]));
    const [change] = await changesFor(await files({ acme: { apiKey: 'k' } }), objects, secrets, 'p/');
    expect(change?.act).toBe('renew');
  });
});
