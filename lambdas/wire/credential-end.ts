import { X509Certificate } from 'node:crypto';
import * as z from 'zod/mini';

/** A member of a secret that carries the date on which it ends, in milliseconds since the epoch. */
export type CredentialEnd = { member: string; end: number };

/** A token that lives shorter than this is renewed by the collector itself; its end concerns nobody. */
const SHORTEST_LIFE_SECONDS = 7 * 86_400;

const Claims = z.object({ exp: z.number(), iat: z.optional(z.number()) });

/** The members whose end can be read off them: JSON web tokens (RFC 7519) and certificates (PEM). */
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
