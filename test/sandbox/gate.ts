import { createHash } from 'node:crypto';

/** Bearer tokens that a server has issued, each with its subject and expiry. */
export function tokenDesk(now: () => number) {
  const issued = new Map<string, { subject: string; ends: number }>();
  return {
    /** A new token for `subject`, good for `seconds`. */
    issue(subject: string, seconds: number): string {
      const token = createHash('sha256').update(`${subject} ${issued.size}`).digest('base64url');
      issued.set(token, { subject, ends: now() + seconds * 1000 });
      return token;
    },
    /** Whom the Authorization header speaks for; undefined if its token is unknown or has ended. */
    subject(authorization: string | undefined): string | undefined {
      const [, token = ''] = /^Bearer (.+)$/u.exec(authorization ?? '') ?? [];
      const expiry = issued.get(token);
      return expiry === undefined || now() >= expiry.ends ? undefined : expiry.subject;
    },
  };
}

/** True while no more than `requests` fall into any `seconds`; a refused request takes no place. */
export function slidingWindow(now: () => number, requests: number, seconds: number): () => boolean {
  const passed: number[] = [];
  return () => {
    const at = now();
    while (passed[0] !== undefined && passed[0] <= at - seconds * 1000) passed.shift();
    if (passed.length >= requests) return false;
    passed.push(at);
    return true;
  };
}

/** A whole number of a query; `absent` where the parameter is missing, undefined if it is no such number. */
export function wholeNumber(value: string | null, absent: number): number | undefined {
  if (value === null) return absent;
  return /^\d+$/u.test(value) ? Number(value) : undefined;
}

/**
 * A parameter of the real API that a server does not serve, and so must refuse: ignored, it would hide what it does to
 * a list.
 */
export const unserved = (query: URLSearchParams, names: readonly string[]): string | undefined =>
  names.find((name) => query.has(name));
