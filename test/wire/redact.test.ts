import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Redactor } from '../../lambdas/wire/redact.ts';

/** Every way in which a value goes over the wire, made independently of the redactor. */
const DISGUISES: Record<string, (secret: string) => string> = {
  itself: (secret) => secret,
  'in a query': (secret) => encodeURIComponent(secret),
  'in a form': (secret) => new URLSearchParams({ client_secret: secret }).toString(),
  'in JSON': (secret) => JSON.stringify({ secret }),
  'in Base64': (secret) => Buffer.from(secret).toString('base64'),
  'in Base64 for addresses': (secret) => Buffer.from(secret).toString('base64url'),
};

/** Nothing in common with the text around it. */
const secrets = fc
  .string({ unit: 'grapheme', minLength: 8, maxLength: 40 })
  .filter((text) => text.trim() === text && !/secret/iu.test(text));

describe('a secret', () => {
  it.each(Object.entries(DISGUISES))('is hidden %s, whatever its characters', (_, disguise) => {
    fc.assert(
      fc.property(secrets, (secret) => {
        const redactor = new Redactor();
        redactor.hide({ clientSecret: secret });
        const whole = `refused: ${disguise(secret)} was said`;
        const bare = disguise(secret).replace(/^client_secret=|^\{"secret":"|"\}$/gu, '');
        const cleaned = redactor.clean(whole);
        expect(cleaned).toContain('[secret]');
        expect(cleaned).not.toContain(bare);
      }),
      { numRuns: 60 },
    );
  });

  it('is hidden with the user beside it, as a header says it', () => {
    const redactor = new Redactor();
    redactor.hide({ apiKey: 'hk_0123456789', apiSecret: 'hs_abcdefghij' });
    const credentials = Buffer.from('hk_0123456789:hs_abcdefghij').toString('base64');
    expect(redactor.clean(`bad header "Authorization: Basic ${credentials}"`)).toBe(
      'bad header "Authorization: Basic [secret]"',
    );
    expect(redactor.clean('authorization: bearer eyJhbGciOi.eyJzdWIiOi.abc_def-gh')).toBe(
      'authorization: bearer [secret]',
    );
  });

  it('is hidden wherever it stands in what was handed in', () => {
    const redactor = new Redactor();
    redactor.hide({ one: ['first-secret', { two: 'second-secret' }], three: null, four: 12345678 });
    expect(redactor.clean('first-secret second-secret 12345678')).toBe('[secret] [secret] 12345678');
  });

  it('that another one begins with leaves no remainder behind', () => {
    const redactor = new Redactor();
    redactor.hide(['abcdef', 'abcdef-ghijkl']);
    expect(redactor.clean('abcdef-ghijkl, abcdef')).toBe('[secret], [secret]');
  });

  it('is hidden with nothing of what is around it', () => {
    const redactor = new Redactor();
    redactor.hide({ clientSecret: 'pa "ss" wörd' });
    expect(redactor.clean(new URLSearchParams({ a: 'pa "ss" wörd', b: '1' }).toString())).toBe('a=[secret]&b=1');
    expect(redactor.clean(JSON.stringify({ a: 'pa "ss" wörd' }))).toBe('{"a":"[secret]"}');
    expect(redactor.clean(JSON.stringify({ a: 'is pa "ss" wörd!' }))).toBe('{"a":"is [secret]!"}');
  });

  it('is hidden though its member’s name begins like that of an address', () => {
    const redactor = new Redactor();
    redactor.hide({ hostKey: 'host-key-1', domainPassword: 'domain-pw-1', regionalToken: 'token-eu-1' });
    expect(redactor.clean('host-key-1 domain-pw-1 token-eu-1')).toBe('[secret] [secret] [secret]');
  });

  it('is hidden however far it stands from its kind', () => {
    expect(new Redactor().clean(`Bearer   ${'t'.repeat(20)}`)).toBe('Bearer [secret]');
  });

  it('is hidden every time it is said', () => {
    const redactor = new Redactor();
    redactor.hide('abc.*def');
    expect(redactor.clean('abc.*def abcXXdef abc.*def')).toBe('[secret] abcXXdef [secret]');
  });
});

describe('what is no secret', () => {
  it('is left: words too short to be one, hosts, regions and addresses', () => {
    const redactor = new Redactor();
    redactor.hide({
      region: 'europe-west',
      baseUrl: 'https://eu.vendor.example',
      apiHost: 'api-1.vendor.example',
      as: 'us',
    });
    const text = 'https://eu.vendor.example in europe-west (us) at api-1.vendor.example';
    expect(redactor.clean(text)).toBe(text);
  });

  it('is left where a token answer brings words along', () => {
    const redactor = new Redactor();
    redactor.hide({ access_token: 'x'.repeat(40), token_type: 'Bearer', scope: 'monitoring' }, 16);
    expect(redactor.clean(`Bearer monitoring ${'x'.repeat(40)}`)).toBe('Bearer monitoring [secret]');
  });

  it('is left where the vendor speaks of kinds of credentials', () => {
    const text = 'Bearer authentication failed, use basic credentials instead';
    expect(new Redactor().clean(text)).toBe(text);
  });
});
