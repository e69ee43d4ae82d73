import { describe, expect, it } from 'vitest';
import { credentialNotes } from '../../lambdas/run/credential-notes.ts';

const AS_OF = '2026-11-22T06:30:00Z';
const seconds = (iso: string): number => Date.parse(iso) / 1000;

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = (claims: object): string => `${part({ alg: 'ES256' })}.${part(claims)}.c2lnbmF0dXJl`;

describe('credentials with an expiry date', () => {
  it('are reported 30 days ahead', () => {
    const apiToken = jwt({ iat: seconds('2026-01-01T00:00:00Z'), exp: seconds('2026-12-02T06:30:00Z') });
    expect(credentialNotes({ apiToken, consoleUrl: 'https://x.example' }, AS_OF)).toEqual([
      'the credential apiToken expires on 2026-12-02, in 10 days: get a new one and store it in the secret',
    ]);
  });

  it('are reported when they have expired', () => {
    const [note] = credentialNotes({ apiToken: jwt({ exp: seconds('2026-11-20T00:00:00Z') }) }, AS_OF);
    expect(note).toContain('expired on 2026-11-20');
  });

  it('are not reported while there is time', () => {
    expect(credentialNotes({ apiToken: jwt({ exp: seconds('2027-11-20T00:00:00Z') }) }, AS_OF)).toEqual([]);
  });

  it('are not reported if the collector renews them itself', () => {
    const accessToken = jwt({ iat: seconds('2026-11-22T06:00:00Z'), exp: seconds('2026-11-22T08:00:00Z') });
    expect(credentialNotes({ accessToken }, AS_OF)).toEqual([]);
  });

  it.each(['plain', 'a.b.c', `${part({})}.${part({ exp: 'soon' })}.x`, '-----BEGIN CERTIFICATE-----\nnone', ''])(
    'are not found in %j',
    (value) => {
      expect(credentialNotes({ value }, AS_OF)).toEqual([]);
    },
  );

  it('are looked for in any secret', () => {
    for (const secret of [undefined, null, 7, 'text', []]) expect(credentialNotes(secret, AS_OF)).toEqual([]);
  });
});
