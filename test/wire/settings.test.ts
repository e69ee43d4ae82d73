import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { readSettings } from '../../lambdas/wire/settings.ts';

const shape = {
  id: 'acme',
  secret: z.strictObject({ apiKey: z.string(), region: z.enum(['us', 'eu']) }),
  configuration: z.strictObject({ exact: z._default(z.boolean(), false) }),
};

const secret = { apiKey: 'key', region: 'eu' };

/** An error of the configuration, which ends the whole integration. */
const condemning = (message: RegExp) =>
  expect.objectContaining({ name: 'ConfigurationError', wide: true, message: expect.stringMatching(message) });

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

  it('are refused if a field is in both places', () => {
    expect(() => readSettings(shape, { secret, configuration: { region: 'us' } })).toThrow(
      condemning(/^report\.json: integrations\.acme: region is in secrets\/acme\.json too; remove one of the two$/u),
    );
  });

  it('name every fault with its file, its field and what is expected, and no value', () => {
    const wrong = () =>
      readSettings(shape, { secret: { apikey: 'hidden', region: 'mars' }, configuration: { exact: 'yes' } });
    expect(wrong).toThrow(/secrets\/acme\.json: apiKey: expected string, found nothing/u);
    expect(wrong).toThrow(/secrets\/acme\.json: region: expected "us" or "eu", found another text/u);
    expect(wrong).toThrow(/secrets\/acme\.json: unknown field "apikey"; known: apiKey, region/u);
    expect(wrong).toThrow(/report\.json: integrations\.acme: exact: expected boolean, found string/u);
    expect(wrong).not.toThrow(/hidden|mars/u);
    expect(wrong).toThrow(condemning(/^(secrets\/acme\.json: .*\n){3}report\.json: [^\n]*$/u));
  });

  it('name what is known only where something is not, and only where it is itself', () => {
    const nested = z.strictObject({ proxy: z.strictObject({ port: z.optional(z.int()) }) });
    const messageOf = (given: object, configuration: typeof nested = nested) => {
      try {
        return readSettings({ ...shape, configuration }, { secret, configuration: given });
      } catch (error) {
        return error instanceof Error ? error.message.split('\n') : error;
      }
    };
    const place = 'report.json: integrations.acme';
    expect(messageOf({ proxy: { host: 'x' } })).toEqual([`${place}: proxy: unknown field "host"`]);
    expect(messageOf({ proxy: 5 })).toEqual([`${place}: proxy: expected object, found number (fields seen: proxy)`]);
    expect(messageOf({ proxy: {}, port: 5 })).toEqual([`${place}: unknown field "port"; known: enabled, proxy`]);
    const odd = { ...shape, configuration: z.strictObject({}) };
    expect(() => readSettings(odd, { secret, configuration: { port: 5 } })).toThrow(
      condemning(/unknown field "port"; known: enabled$/u),
    );
    const open = { ...shape, secret: z.strictObject({}) };
    expect(() => readSettings(open, { secret: { apiKey: 'key' }, configuration: {} })).toThrow(
      condemning(/^secrets\/acme\.json: unknown field "apiKey"; known: none$/u),
    );
  });

  it('stay where they were written if both places know them', () => {
    const both = z.strictObject({ region: z.optional(z.string()) });
    const shared = { id: 'acme', secret: both, configuration: both };
    const read = (given: object, other: object) => readSettings(shared, { secret: given, configuration: other });
    expect(read({ region: 'eu' }, {})).toEqual({ region: 'eu' });
    expect(read({}, { region: 'us' })).toEqual({ region: 'us' });
    expect(read({ region: 'eu' }, { region: 'us' })).toEqual({ region: 'us' });
  });

  it.each([null, 'text', [], 3])('are refused as %j', (given) => {
    expect(() => readSettings(shape, { secret: given, configuration: {} })).toThrow(
      condemning(/^secrets\/acme\.json: expected a JSON object/u),
    );
  });
});
