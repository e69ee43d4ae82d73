import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { ReportError } from '../../lambdas/report/errors.ts';
import { readSecret, withPlaceOfSecret } from '../../lambdas/run/secret.ts';

const acme = { id: 'acme', name: 'Acme', secret: z.strictObject({ apiKey: z.string(), hint: z.optional(z.string()) }) };

const read = (secret: unknown) =>
  readSecret({ read: async () => secret, write: () => Promise.reject(new Error('nothing is written')) }, acme);

describe('a secret', () => {
  test.each([['key'], ['k <y> {{z}}'], ['xx'], ['-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----\n'], [5]])(
    'with %j is handed on as it is',
    async (apiKey) => {
      expect(await read({ apiKey })).toEqual({ apiKey });
    },
  );

  test.each([[''], ['  '], ['<your key>'], ['{{key}}'], ['TODO'], ['changeme'], ['change-me'], ['...'], ['…']])(
    'with %j was never filled in: file and member are named, before the vendor says that the key is wrong',
    async (apiKey) => {
      await expect(read({ apiKey })).rejects.toMatchObject({
        name: 'ConfigurationError',
        message: expect.stringMatching(/^secrets\/acme\.json: apiKey: (expected some text|still a placeholder)/u),
      });
    },
  );

  test.each([[' canary'], ['canary '], ['canary\n'], ['\tcanary']])(
    'with %j brought something along from where it was copied; it is not quoted',
    async (apiKey) => {
      const error = await read({ apiKey, hint: 'fine' }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        name: 'ConfigurationError',
        message: expect.stringMatching(/^secrets\/acme\.json: apiKey: starts or ends with a space or a line break/u),
      });
      expect(String(error)).not.toContain('canary');
    },
  );

  test('may hold a password that starts or ends with a space, for a person chose it; a line break nobody chose', async () => {
    expect(await read({ password: ' canary ' })).toEqual({ password: ' canary ' });
    await expect(read({ password: 'canary\n' })).rejects.toThrow('secrets/acme.json: password: starts or ends');
  });

  test('tells all of its faults at once', async () => {
    await expect(read({ apiKey: 'TODO', hint: '' })).rejects.toThrow(/apiKey: .*\n.*hint: /u);
  });

  test.each([[null], ['key'], [['key']]])('that is %j is no object, and its fields are named', async (secret) => {
    await expect(read(secret)).rejects.toThrow(
      'secrets/acme.json holds no JSON object; Acme needs in it: apiKey, hint (optional)',
    );
  });
});

describe('refused credentials', () => {
  test('name the file once, and keep what else the error says', () => {
    const told = withPlaceOfSecret(new ReportError('VendorAuthError', 'refused', { wide: true }), acme);
    expect(told).toMatchObject({
      name: 'VendorAuthError',
      wide: true,
      message: 'refused; the credentials are those of secrets/acme.json',
    });
    expect(withPlaceOfSecret(told, acme)).toBe(told);
  });

  test('are the only error that is told so', () => {
    const other = new ReportError('VendorUnavailableError', 'down');
    expect(withPlaceOfSecret(other, acme)).toBe(other);
  });
});
