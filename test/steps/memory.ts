import type { Body, Objects, Platform, Secrets } from '../../lambdas/platform/platform.ts';
import type { Transport } from '../../lambdas/wire/transport.ts';
import { type VirtualClock, virtualClock } from '../virtual-clock.ts';
import { START } from './stage.ts';

/** A platform in memory, for what several runs share under one virtual clock: nothing in it takes time of its own. */
export type MemoryPlatform = Platform & { clock: VirtualClock; kept: Map<string, string> };

export function memoryPlatform(transport: Transport, kept = new Map<string, string>()): MemoryPlatform {
  const text = async (body: Body): Promise<string> => {
    if (typeof body === 'string') return body;
    return Buffer.concat(body instanceof Uint8Array ? [body] : await Array.fromAsync(body)).toString();
  };
  const objects: Objects = {
    read: async (key) => {
      const body = kept.get(key);
      return body === undefined ? undefined : Buffer.from(body);
    },
    writtenAt: async (key) => (kept.has(key) ? new Date(START).toISOString() : undefined),
    write: async (key, body) => {
      kept.set(key, await text(body));
    },
    createOnce: async (key, body) => {
      const whole = await text(body);
      if (kept.has(key)) return false;
      kept.set(key, whole);
      return true;
    },
    remove: async (key) => {
      kept.delete(key);
    },
    locate: (key) => key,
  };
  const secrets: Secrets = {
    read: async (integration) => {
      const body = kept.get(`secrets/${integration}`);
      return body === undefined ? undefined : JSON.parse(body);
    },
    write: async (integration, secret) => {
      kept.set(`secrets/${integration}`, JSON.stringify(secret));
    },
  };
  return {
    objects,
    secrets,
    kept,
    transport,
    connect: () => Promise.reject(new Error('no mail server in this test')),
    clock: virtualClock(START),
    mail: { send: () => Promise.reject(new Error('no mail in this test')) },
    random: () => 0.5,
    timeZone: 'UTC',
    progress: () => {},
  };
}
