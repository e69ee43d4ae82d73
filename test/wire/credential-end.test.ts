import { describe, expect, it } from 'vitest';
import { credentialEnds } from '../../lambdas/wire/credential-end.ts';

const DAY = 86_400;
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const token = (claims: unknown, signature = 'c2ln'): string => `${part({ alg: 'none' })}.${part(claims)}.${signature}`;

/** Made for this test: nobody holds its key. */
const CERTIFICATE = `
-----BEGIN CERTIFICATE-----
MIIBczCCARmgAwIBAgIUOZ5A59toSy85fW5HjxrbC/OBgnswCgYIKoZIzj0EAwIw
DzENMAsGA1UEAwwEdGVzdDAeFw0yNjExMjQxNzEzNDZaFw0yODA0MDcxNzEzNDZa
MA8xDTALBgNVBAMMBHRlc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAS8753u
bVwyt5feZfR9bZ4rW8Jrq+UBKocwygVuDZtfxr+PpKJvzQ1O2OoVt5PeaostZ2xF
3daiH9bgXjjEfzWgo1MwUTAdBgNVHQ4EFgQUjBMHWxZvcWp9m31OavQsRHprAq8w
HwYDVR0jBBgwFoAUjBMHWxZvcWp9m31OavQsRHprAq8wDwYDVR0TAQH/BAUwAwEB
/zAKBggqhkjOPQQDAgNIADBFAiEAxRj37sR86PG8+gEEaXaVOh5L1m0uHgIZjAeK
UJWRkpECIAw5/kqgtZoaUOZ7IpNklhvsozofnI7a6Rs/zVzSgIYf
-----END CERTIFICATE-----
`;
const CERTIFICATE_END = Date.UTC(2028, 3, 7, 17, 13, 46);

describe('the end of a credential', () => {
  it('is read off a token, member by member', () => {
    const secret = { apiToken: token({ exp: 1000 }), clientId: 'x', other: `  ${token({ exp: 2000 }, '')}\n` };
    expect(credentialEnds(secret)).toEqual([
      { member: 'apiToken', end: 1_000_000 },
      { member: 'other', end: 2_000_000 },
    ]);
  });

  it('is read off a certificate', () => {
    expect(credentialEnds({ certificate: CERTIFICATE })).toEqual([{ member: 'certificate', end: CERTIFICATE_END }]);
    const bundle = `-----BEGIN PRIVATE KEY-----\nMIG\n-----END PRIVATE KEY-----${CERTIFICATE}`;
    expect(credentialEnds({ bundle: CERTIFICATE + bundle })).toEqual([{ member: 'bundle', end: CERTIFICATE_END }]);
  });

  it('is nobody’s business if a token lives less than a week: the collector renews it', () => {
    const living = (seconds: number) => credentialEnds({ t: token({ iat: 5000, exp: 5000 + seconds }) });
    expect(living(7 * DAY - 1)).toEqual([]);
    expect(living(7 * DAY)).toHaveLength(1);
  });

  it.each([
    'plain',
    'two.parts',
    'not.base64json.x',
    `${part({})}.${part({ exp: 'soon' })}.x`,
    `${part({})}.${part(null)}.x`,
    `${part({})}.${part({})}.x`,
    `https://${token({ exp: 1000 })}`,
    `${token({ exp: 1000 })}.more`,
    `${token({ exp: 1000 })} and more`,
    '-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----',
    CERTIFICATE.replaceAll('-----', ''),
    '',
    7,
    null,
    [token({ exp: 1000 })],
  ])('is not seen in %j', (value) => {
    expect(credentialEnds({ value })).toEqual([]);
  });

  it.each([undefined, null, 7, 'text'])('is not looked for in %j, which is not a secret', (secret) => {
    expect(credentialEnds(secret)).toEqual([]);
  });
});
