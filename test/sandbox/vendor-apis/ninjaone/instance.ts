import { createHmac } from 'node:crypto';
import { clientele } from '../../clientele.ts';
import type { DemoMsp } from '../../demo-msp.ts';
import { formOf, type SandboxRequest, type SandboxResponse } from '../../vendor.ts';

/**
 * The instance that counts devices (`vendor-apis/ninjaone.ts`) and makes tickets (`psa-apis/ninjaone.ts`): one host,
 * one application.
 */
export const HOST = 'eu.ninjarmm.com';
export const SECRET = {
  baseUrl: `https://${HOST}`,
  clientId: 'Qm9yZWFsaXM-northwind',
  clientSecret: 'e3Vt0nq2Yt-6mZQx8fLwH4sKpR1aBcDg',
};
export const REFRESH_TOKEN = 'rt-9c1e77-of-a-technician';

const TOKEN_SECONDS = 3600;
const APPLICATION_SCOPES = ['monitoring', 'management'];

export const isOfPsa = (path: string): boolean => /^(\/api)?\/v2\/(ticketing|billing)\//u.test(path);

const seal = (text: string) => createHmac('sha256', SECRET.clientSecret).update(text).digest('base64url');

/** Answers a token request. Tokens carry their own scopes and end, so that both servers know each other's. */
export function grant(request: SandboxRequest, now: () => number): SandboxResponse {
  const form = formOf(request);
  const no = (status: number, error: string): SandboxResponse => ({ status, body: { error } });
  if (request.method !== 'POST' || form === undefined) return no(400, 'invalid_request');
  const kind = form.get('grant_type');
  if (kind !== 'client_credentials' && kind !== 'refresh_token') return no(400, 'unsupported_grant_type');
  const inHeader = `Basic ${Buffer.from(`${SECRET.clientId}:${SECRET.clientSecret}`).toString('base64')}`;
  const inForm = form.get('client_id') === SECRET.clientId && form.get('client_secret') === SECRET.clientSecret;
  if (!inForm && request.headers.authorization !== inHeader) return no(401, 'invalid_client');
  if (kind === 'refresh_token' && form.get('refresh_token') !== REFRESH_TOKEN) return no(400, 'invalid_grant');
  const scope = kind === 'refresh_token' ? APPLICATION_SCOPES.join(' ') : (form.get('scope') ?? '');
  // EU instances refuse offline_access with client credentials.
  if (scope.split(' ').some((word) => word !== '' && !APPLICATION_SCOPES.includes(word)))
    return no(400, 'invalid_scope');
  const claims = Buffer.from(JSON.stringify({ scope, ends: now() + TOKEN_SECONDS * 1000 })).toString('base64url');
  return {
    status: 200,
    body: { access_token: `${claims}.${seal(claims)}`, token_type: 'Bearer', expires_in: TOKEN_SECONDS, scope },
  };
}

/** The scopes of the request's token; undefined if it is none of ours or has ended. */
export function scopesOf({ headers }: SandboxRequest, now: () => number): string[] | undefined {
  const [, claims = '', sealed] = /^Bearer ([^.]+)\.(.+)$/u.exec(headers.authorization ?? '') ?? [];
  if (sealed === undefined || sealed !== seal(claims)) return undefined;
  const { scope, ends }: { scope: string; ends: number } = JSON.parse(Buffer.from(claims, 'base64url').toString());
  return now() >= ends ? undefined : scope.split(' ');
}

/** The organizations that the MSP made, each for a customer of its own. */
export const organizationsOf = (msp: DemoMsp) =>
  clientele(msp, 'ninjaone', { share: 75 }).map((client, index) => ({ client, id: 11 + index * 2 }));
