import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { ReportError } from '../../lambdas/report/errors.ts';
import { readSecret, withPlaceOfSecret } from '../../lambdas/run/secret.ts';

const acme = { id: 'acme', name: 'Acme', secret: z.strictObject({ apiKey: z.string(), hint: z.optional(z.string()) }) };

const read = (secret: unknown) =>
  readSecret({ read: async () => secret, write: () => Promise.reject(new Error('nothing is written')) }, acme);

describe('a secret', () => {
  test.each([['key'], ['k <y> {{z}}'], ['xx'], ['-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----\n'], [5]])(
    'with %j is passed on unchanged',
    async (apiKey) => {
      expect(await read({ apiKey })).toEqual({ apiKey });
    },
  );

  test.each([[''], ['  '], ['<your key>'], ['{{key}}'], ['TODO'], ['changeme'], ['change-me'], ['...'], ['…']])(
    'with %j was never filled in: file and field are named before any vendor is called',
    async (apiKey) => {
      await expect(read({ apiKey })).rejects.toMatchObject({
        name: 'ConfigurationError',
        message: expect.stringMatching(/^secrets\/acme\.json: apiKey: (expected some text|still a placeholder)/u),
      });
    },
  );

  test.each([[' canary'], ['canary '], ['canary\n'], ['\tcanary']])(
    'with %j was copied with a space or line break; it is not quoted',
    async (apiKey) => {
      const error = await read({ apiKey, hint: 'fine' }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        name: 'ConfigurationError',
        message: expect.stringMatching(/^secrets\/acme\.json: apiKey: starts or ends with a space or a line break/u),
      });
      expect(String(error)).not.toContain('canary');
    },
  );

  test('can contain a password that starts or ends with a space, but not with a line break', async () => {
    expect(await read({ password: ' canary ' })).toEqual({ password: ' canary ' });
    await expect(read({ password: 'canary\n' })).rejects.toThrow('secrets/acme.json: password: starts or ends');
  });

  test('reports all of its faults at once', async () => {
    await expect(read({ apiKey: 'TODO', hint: '' })).rejects.toThrow(/apiKey: .*\n.*hint: /u);
  });

  test.each([[null], ['key'], [['key']]])('that is %j is refused, with the fields it needs', async (secret) => {
    await expect(read(secret)).rejects.toThrow(
      'secrets/acme.json holds no JSON object; Acme needs in it: apiKey, hint (optional)',
    );
  });
});

describe('refused credentials', () => {
  test('name the file once, and keep the rest of the error', () => {
    const error = withPlaceOfSecret(new ReportError('VendorAuthError', 'refused', { wide: true }), acme);
    expect(error).toMatchObject({
      name: 'VendorAuthError',
      wide: true,
      message: 'refused; the credentials are those of secrets/acme.json',
    });
    expect(withPlaceOfSecret(error, acme)).toBe(error);
  });

  test('are the only error that names the file', () => {
    const other = new ReportError('VendorUnavailableError', 'down');
    expect(withPlaceOfSecret(other, acme)).toBe(other);
  });
});
