import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { misplacedCredentials, readMisplaced, without } from '../../lambdas/run/misplaced.ts';
import { stage } from '../steps/stage.ts';

const secret = z.strictObject({ apiKey: z.string(), region: z.string(), clientId: z.string() });

test('credentials are distinguished from addresses, names and settings', () => {
  const settings = { apiKey: 'k', region: 'eu', clientId: 'c', sendCustomerKey: true };
  expect(misplacedCredentials(settings, secret)).toEqual(['apiKey']);
  expect(misplacedCredentials({ privateKey: 'k', siteUrl: 'u' })).toEqual(['privateKey']);
  expect(without(settings, ['apiKey'])).toEqual({ region: 'eu', clientId: 'c', sendCustomerKey: true });
});

test('they are read from report.json, or if that is not allowed, the message tells where they belong', async () => {
  const { platform, configure } = await stage();
  configure('report.json', { integrations: { acme: { apiKey: 'k', region: 'eu' } } });
  expect(await readMisplaced(platform.objects, 'acme', ['apiKey'])).toEqual({ apiKey: 'k' });
  const denied = { ...platform.objects, read: () => Promise.reject(new Error('AccessDenied')) };
  await expect(readMisplaced(denied, 'acme', ['apiKey'])).rejects.toThrow(
    /report\.json: integrations\.acme\.apiKey: this is a credential, .*; move it to secrets\/acme\.json/u,
  );
});
