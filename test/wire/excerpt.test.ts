import { describe, expect, it } from 'vitest';
import { failureOf as failureFrom } from '../../lambdas/report/errors.ts';
import { vendorFailure } from '../../lambdas/report/failure-in-words.ts';
import { clientCredentials } from '../../lambdas/wire/auth.ts';
import { beginning, excerpt, isWebPage } from '../../lambdas/wire/excerpt.ts';
import { Redactor } from '../../lambdas/wire/redact.ts';
import { requestPath, type Scripted, wire } from './wire.ts';

const answer = (text: string, headers: Record<string, string> = {}) => ({
  status: 403,
  headers,
  body: Buffer.from(text),
});
const failureOf = (script: Scripted, method: 'GET' | 'POST' = 'GET', changes = {}): Promise<unknown> =>
  requestPath(wire(script), changes)
    .send(method, '/x')
    .catch((thrown: unknown) => thrown);

describe('the words of a refusal', () => {
  it.each([
    ['quota exceeded', ': quota exceeded'],
    ['{"message":"no"}', ': {"message":"no"}'],
    ['', ''],
    ['{}', ''],
    [' [ {} ]\n', ''],
    ['<p>no</p>', ''],
  ])('%j are quoted as %j', (text, words) => {
    expect(excerpt(answer(text), new Redactor())).toBe(words);
  });

  it('are looked for in its beginning alone, however long it is', () => {
    const whole = 'x'.repeat(32 * 1024);
    expect(beginning(answer(whole), new Redactor())).toBe(whole);
    expect(beginning(answer(`${whole}y`), new Redactor())).toBe('x'.repeat(16 * 1024));
    expect(beginning(answer('x'.repeat(64 * 1024 * 1024)), new Redactor())).toHaveLength(16 * 1024);
  });

  it('never end in the first half of a secret that the cut went through', () => {
    const redactor = new Redactor();
    redactor.hide('first-half/second-half');
    const text = `${' '.repeat(32 * 1024 - 'first-half'.length)}first-half/second-half`;
    expect(excerpt(answer(text), redactor)).toBe('');
  });
});

describe('a web page', () => {
  it.each([
    ['<!DOCTYPE html><title>Attention Required! | Cloudflare</title>', {}],
    ['\uFEFF\r\n<html lang="en">', {}],
    ['Access denied', { 'content-type': 'text/html; charset=UTF-8' }],
    ['', { 'content-type': ' TEXT/HTML' }],
  ])('is known by its beginning or its type: %j %j', (text, headers) => {
    expect(isWebPage(answer(text, headers))).toBe(true);
  });

  it.each([
    ['{"page":"<html>"}', { 'content-type': 'application/json' }],
    ['see <html>', {}],
    ['<htmlx>', {}],
    ['text/html', { 'content-type': 'text/htmlx' }],
    ['', { 'content-type': 'application/x+text/html' }],
    [`${' '.repeat(300)}<html>`, {}],
  ])('is not %j %j', (text, headers) => {
    expect(isWebPage(answer(text, headers))).toBe(false);
  });

  const page = { headers: { 'content-type': 'text/html' }, text: '<html><title>Just a moment...</title></html>' };

  it.each([403, 406])(
    'in the place of an API says nothing of the credentials: HTTP %i is a firewall',
    async (status) => {
      const message =
        `a web page came instead of an API answer (HTTP ${status}); a firewall or proxy in front of it blocks this ` +
        'address: ask the vendor to allow it';
      expect(await failureOf({ status, ...page })).toMatchObject({
        name: 'VendorUnavailableError',
        message: `Vendor GET /v1/x: ${message}`,
      });
      const auth = clientCredentials({ url: '/token', fields: {} });
      expect(await failureOf({ status, ...page }, 'GET', { auth })).toMatchObject({
        name: 'VendorUnavailableError',
        message: `Vendor POST /v1/token: ${message}`,
      });
    },
  );

  it('does not hide a refusal of the credentials, which some servers dress as a page', async () => {
    expect(await failureOf({ status: 401, ...page })).toMatchObject({ name: 'VendorAuthError' });
    const auth = clientCredentials({ url: '/token', fields: {} });
    expect(await failureOf({ status: 401, ...page }, 'GET', { auth })).toMatchObject({ name: 'VendorAuthError' });
  });

  it('is named if it comes with a status that no answer has', async () => {
    const message =
      'a web page came instead of an API answer (HTTP 400): perhaps that of a firewall, of maintenance or of a wrong address';
    const error = await failureOf({ status: 400, ...page });
    expect(error).toMatchObject({
      ...{ name: 'VendorContractError', status: 400 },
      message: `Vendor GET /v1/x: ${message}`,
    });
    const auth = clientCredentials({ url: '/token', fields: {} });
    expect(await failureOf({ status: 400, ...page }, 'GET', { auth })).toMatchObject({
      name: 'VendorContractError',
      message: `Vendor POST /v1/token: ${message}`,
    });
    expect(vendorFailure('Vendor', failureFrom(error))).toBe(
      'Vendor gave an unexpected answer, so its numbers are not used: a web page came instead of an API answer: ' +
        'perhaps that of a firewall, of maintenance or of a wrong address',
    );
  });

  it('is named if a server that does not answer sends one', async () => {
    expect(await failureOf({ status: 503, ...page })).toMatchObject({
      message: 'Vendor GET /v1/x: HTTP 503, a web page instead of an API answer (5 attempts)',
    });
  });
});

describe('a server that fails and says why', () => {
  const script = { status: 500, json: { message: 'database is being upgraded' } };

  it('has its words in the error', async () => {
    expect(await failureOf(script)).toMatchObject({
      message: 'Vendor GET /v1/x: HTTP 500 (5 attempts): {"message":"database is being upgraded"}',
    });
    expect(await failureOf(script, 'POST')).toMatchObject({
      message:
        'Vendor POST /v1/x: HTTP 500: {"message":"database is being upgraded"}; it may or may not have taken effect',
    });
  });
});
