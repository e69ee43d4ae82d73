import { X509Certificate } from 'node:crypto';
import * as z from 'zod/mini';

/** A field of a secret with its expiry date, in milliseconds since the epoch. */
export type CredentialEnd = { member: string; end: number };

/** A token with a shorter life is renewed by the collector itself, so its expiry is not reported. */
const SHORTEST_LIFE_SECONDS = 7 * 86_400;

const Claims = z.object({ exp: z.number(), iat: z.optional(z.number()) });

/** The fields that contain their expiry: JSON web tokens (RFC 7519) and certificates (PEM). */
export function credentialEnds(secret: unknown): CredentialEnd[] {
  if (typeof secret !== 'object' || secret === null) return [];
  return Object.entries(secret).flatMap(([member, value]) => {
    const end = typeof value === 'string' ? (tokenEnd(value) ?? certificateEnd(value)) : undefined;
    return end === undefined ? [] : [{ member, end }];
  });
}

function tokenEnd(value: string): number | undefined {
  const [, payload] = /^[\w-]+\.([\w-]+)\.[\w-]*$/u.exec(value.trim()) ?? [];
  if (payload === undefined) return undefined;
  try {
    const { exp, iat } = z.parse(Claims, JSON.parse(Buffer.from(payload, 'base64url').toString()));
    return iat !== undefined && exp - iat < SHORTEST_LIFE_SECONDS ? undefined : exp * 1000;
  } catch {
    return undefined;
  }
}

function certificateEnd(value: string): number | undefined {
  if (!value.includes('-----BEGIN CERTIFICATE-----')) return undefined;
  try {
    const end = Date.parse(new X509Certificate(value).validTo);
    return Number.isNaN(end) ? undefined : end;
  } catch {
    return undefined;
  }
}
