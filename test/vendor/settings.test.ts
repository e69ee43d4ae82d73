import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { readSettings } from '../../lambdas/vendor/settings.ts';

const shape = {
  id: 'acme',
  secret: z.strictObject({ apiKey: z.string(), region: z.enum(['us', 'eu']) }),
  configuration: z.strictObject({ exact: z._default(z.boolean(), false) }),
};

const secret = { apiKey: 'key', region: 'eu' };

describe('the settings of an integration', () => {
  it('are its secret and its configuration together', () => {
    expect(readSettings(shape, { secret, configuration: { exact: true } })).toEqual({ ...secret, exact: true });
  });

  it('are accepted in either of the two places', () => {
    expect(readSettings(shape, { secret: { apiKey: 'key', exact: true }, configuration: { region: 'eu' } })).toEqual({
      ...secret,
      exact: true,
    });
  });

  it('are refused where a member stands in both places', () => {
    expect(() => readSettings(shape, { secret, configuration: { region: 'us' } })).toThrow(
      'report.json: integrations.acme: region stands in secrets/acme.json too; keep one',
    );
  });

  it('name every fault with its file, its member and what is expected, and no value', () => {
    const wrong = () =>
      readSettings(shape, { secret: { apikey: 'hidden', region: 'mars' }, configuration: { exact: 'yes' } });
    expect(wrong).toThrow(/secrets\/acme\.json: apiKey: expected string, found nothing/u);
    expect(wrong).toThrow(/secrets\/acme\.json: region: expected "us" or "eu", found string/u);
    expect(wrong).toThrow(/secrets\/acme\.json: unknown member "apikey"/u);
    expect(wrong).toThrow(/report\.json: integrations\.acme: exact: expected boolean, found string/u);
    expect(wrong).not.toThrow(/hidden|mars/u);
  });

  it.each([null, 'text', [], 3])('are refused as %j', (given) => {
    expect(() => readSettings(shape, { secret: given, configuration: {} })).toThrow(
      'secrets/acme.json: expected an object',
    );
  });
});
