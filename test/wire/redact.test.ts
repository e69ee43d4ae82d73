import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Redactor } from '../../lambdas/wire/redact.ts';

const unit = (character: string, at: number) =>
  `\\u${character.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0')}`;
const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const inJson = (secret: string) => JSON.stringify(secret).slice(1, -1);
const inForm = (secret: string) => new URLSearchParams({ a: secret }).toString().slice(2);
const withSmallLetters = (text: string) => text.replace(/%[0-9A-F]{2}/gu, (byte) => byte.toLowerCase());

/** Every way in which a value goes over the wire, made independently of the redactor. */
const DISGUISES: Record<string, (secret: string) => string> = {
  itself: (secret) => secret,
  'in a query': (secret) => encodeURIComponent(secret),
  'in a form': inForm,
  'in JSON': inJson,
  'in Base64': (secret) => Buffer.from(secret).toString('base64'),
  'in JSON within JSON': (secret) => inJson(inJson(secret)),
  'in JSON as PHP writes it': (secret) => inJson(secret).replaceAll('/', '\\/'),
  'in JSON as .NET writes it': (secret) =>
    inJson(secret).replace(/[<>&'+`\P{ASCII}]/gu, (character) =>
      Array.from({ length: character.length }, (_, at) => unit(character, at)).join(''),
    ),
  'in percent signs with small letters': (secret) => withSmallLetters(encodeURIComponent(secret)),
  'in a form with small letters': (secret) => withSmallLetters(inForm(secret)),
  'in HTML': (secret) => secret.replace(/[&<>"']/gu, (character) => ENTITIES[character] ?? character),
  'in XML': (secret) => secret.replaceAll('&', '&amp;').replaceAll("'", '&apos;'),
  'in HTML by decimal numbers': (secret) => secret.replace(/[^\w]/gu, (character) => `&#${character.codePointAt(0)};`),
  'in HTML by hexadecimal numbers': (secret) =>
    secret.replace(/[^\w]/gu, (character) => `&#x${character.codePointAt(0)?.toString(16).toUpperCase()};`),
  'in Base64 for addresses': (secret) => Buffer.from(secret).toString('base64url'),
};

/**
 * Between letters: of the escape of a character at an edge (`&amp;`) something may be left behind, which says nothing.
 */
const secrets = fc
  .string({ unit: 'grapheme', minLength: 6, maxLength: 38 })
  .filter((text) => !/secret/iu.test(text))
  .map((text) => `a${text}z`);

describe('a secret', () => {
  it.each(Object.entries(DISGUISES))('is hidden %s, whatever its characters', (_, disguise) => {
    fc.assert(
      fc.property(secrets, (secret) => {
        const redactor = new Redactor();
        redactor.hide({ clientSecret: secret });
        expect(redactor.clean(`refused: ${disguise(secret)} was said`)).toBe('refused: [secret] was said');
      }),
      { numRuns: 25, examples: [['0-00.A~A'], ['-0-0-0-0'], [`two words, é & <"/'>\r\n\tand 😀 + more`]] },
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

  it('is hidden in Base64 with anything around it, up to the characters that it shares with its neighbours', () => {
    const around = fc.string({ unit: 'grapheme', maxLength: 12 });
    fc.assert(
      fc.property(
        secrets,
        around,
        around,
        fc.constantFrom('base64', 'base64url'),
        (secret, before, after, alphabet) => {
          const redactor = new Redactor();
          redactor.hide(secret);
          const whole = Buffer.from(`${before}:${secret}:${after}`).toString(alphabet);
          const rest = redactor.clean(whole).split('[secret]');
          expect(rest.length).toBeGreaterThan(1);
          // A group of three bytes makes four characters.
          const aside =
            Math.ceil(Buffer.byteLength(`${before}:`) / 3) * 4 + Math.ceil(Buffer.byteLength(`:${after}`) / 3) * 4;
          expect(rest.join('').length).toBeLessThanOrEqual(aside + 4);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('is hidden though it is as long as a private key', () => {
    const lines = Array.from({ length: 25 }, (_, at) => createHash('sha384').update(String(at)).digest('base64'));
    const key = ['-----BEGIN KEY-----', ...lines, '-----END KEY-----'].join('\n');
    const redactor = new Redactor();
    redactor.hide({ privateKey: key });
    for (const text of [encodeURIComponent(key).replaceAll('%2F', '%2f'), JSON.stringify(key).replaceAll('/', '\\/')])
      expect(redactor.clean(text).replaceAll('[secret]', '')).toMatch(/^"?"?$/u);
  });

  it('is looked for fast, in texts that are nothing but escapes too', () => {
    const redactor = new Redactor();
    redactor.hide(Array.from({ length: 20 }, (_, at) => `\\\\/${at}&&&<<<>>>   "quoted" é`));
    const startedAt = process.cpuUsage();
    for (const text of ['\\'.repeat(30_000), '%26'.repeat(10_000), '&amp;'.repeat(6000), 'plain words '.repeat(30_000)])
      expect(redactor.clean(text)).toBe(text);
    expect(process.cpuUsage(startedAt).user / 1000).toBeLessThan(1000);
  });

  it('is hidden wherever it stands in what was handed in', () => {
    const redactor = new Redactor();
    redactor.hide({ one: ['first-secret', { two: 'second-secret' }], three: null, four: 12345678, five: undefined });
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

  it('is hidden every time it is said, in a disguise too', () => {
    const redactor = new Redactor();
    redactor.hide('abc.*def');
    expect(redactor.clean('abc.*def abcXXdef abc.*def')).toBe('[secret] abcXXdef [secret]');
    expect(redactor.clean('abc%2e%2adef, abc\\.*def')).toBe('[secret], [secret]');
  });

  it('is hidden in a disguise though it has no letter', () => {
    const redactor = new Redactor();
    redactor.hide('!$+/=?!');
    expect(redactor.clean('%21%24%2b%2f%3d%3f%21')).toBe('[secret]');
  });

  it('that is long is hidden as far as an answer quotes it', () => {
    const key = 'k+/='.repeat(150);
    const redactor = new Redactor();
    redactor.hide({ privateKey: key });
    expect(redactor.clean(withSmallLetters(encodeURIComponent(key.slice(0, 200))))).toBe('[secret]');
  });
});

describe('a key in bytes that are to be kept', () => {
  const KEY = 'key/of "16" + éé';
  const isIn = (text: string) => {
    const redactor = new Redactor();
    redactor.hide({ apiKey: KEY, account: 'an-account-of-1' });
    return redactor.isIn(Buffer.from(text));
  };

  it.each(['itself', 'in a query', 'in a form', 'in JSON', 'in Base64', 'in Base64 for addresses'])(
    'is found %s',
    (how) => {
      expect(isIn(`{"a":"${DISGUISES[how]?.(KEY)}"}`)).toBe(true);
    },
  );

  it('is not taken for one where it is shorter than any key: rows name accounts', () => {
    expect(isIn('an-account-of-1')).toBe(false);
  });
});

describe('what is not a secret', () => {
  it('is left where it lacks a character of one', () => {
    const redactor = new Redactor();
    redactor.hide('pass/word');
    expect(redactor.clean('a password of 100 % letters')).toBe('a password of 100 % letters');
  });

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

  it('is kept if a token answer contains words', () => {
    const redactor = new Redactor();
    redactor.hide({ access_token: 'x'.repeat(40), token_type: 'Bearer', scope: 'monitoring' }, 16);
    expect(redactor.clean(`Bearer monitoring ${'x'.repeat(40)}`)).toBe('Bearer monitoring [secret]');
  });

  it('is left where it is no more than a few characters of a short one in Base64: it may be a word', () => {
    const redactor = new Redactor();
    redactor.hide('abcdef');
    const within = Buffer.from('?abcdef').toString('base64').slice(2, 9);
    expect(redactor.clean(`the ${within} of 100 %`)).toBe(`the ${within} of 100 %`);
    redactor.hide('abcdefg');
    expect(redactor.clean(Buffer.from('?abcdefg').toString('base64'))).toBe('P2[secret]c=');
  });

  it('is kept if the vendor writes about kinds of credentials', () => {
    const text = 'Bearer authentication failed, use basic credentials instead';
    expect(new Redactor().clean(text)).toBe(text);
  });
});
