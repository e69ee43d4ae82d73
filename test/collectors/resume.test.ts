import { expect, it } from 'vitest';
import * as z from 'zod/mini';
import { CollectionCheckpoint } from '../../lambdas/counting/collect.ts';
import type { Collector } from '../../lambdas/counting/vendor.ts';
import { loadRegistry } from '../../lambdas/registry.ts';
import type { CustomerCount } from '../../lambdas/report/collection.ts';
import { answerOf } from '../sandbox/answer.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import type { SandboxRequest, SandboxResponse } from '../sandbox/vendor.ts';
import { type Bench, bench, collection, lifetime, type RunOptions } from './run.ts';

/*
 * A collection of several lifetimes has the result of a single one, although its lists come in another order each time,
 * and although a customer can be gone by the next one. What was answered outside of pieces of work is not requested
 * again.
 */

const { collectors } = await loadRegistry();

const PAUSE_SECONDS = 1200;

/** What makes a collector read customer by customer, or in several calls, if it does not by default. */
type Setting = { secret?: object; configuration?: object; refused?: RegExp; companies?: number; many?: number };

const SETTINGS: Record<string, Setting> = {
  // The account's own region, so that no lifetime begins with a redirect.
  auvik: { secret: { region: 'us4' }, companies: 150, many: 500 },
  huntress: { configuration: { exact: true } },
  'connectwise-asio': { refused: /\/v1\/device\/endpoints/u },
};

/** Collectors that read customer by customer, or in several calls: what they finished is kept over a pause. */
const IN_PIECES = new Set([
  ...['datto-rmm', 'connectwise-asio', 'microsoft-365', 'huntress', 'duo', 'auvik', 'proofpoint-essentials', 'cork'],
  ...['sherweb', 'td-synnex-stellr', 'synnex-australia'],
]);

type Json = { [member: string]: Json } | Json[] | string | number | boolean | null;

const asItIs = (value: Json): Json => value;

/** The same answer with every list in it reversed. */
function backwards(value: Json): Json {
  if (Array.isArray(value)) return value.map(backwards).reverse();
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, backwards(member)]));
}

/** The same answer without the rows that name `id`, and with totals reduced accordingly. */
function without(value: Json, id: string): Json {
  let gone = 0;
  const names = (row: Json): boolean =>
    typeof row === 'object' && row !== null && Object.values(row).some((member) => String(member) === id);
  const rowsOf = (part: Json): Json => {
    if (Array.isArray(part)) {
      const left = part.filter((row) => !names(row));
      gone += part.length - left.length;
      return left.map(rowsOf);
    }
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([name, member]) => [name, rowsOf(member)]));
  };
  const totals = (part: Json): Json => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(
      Object.entries(part).map(([name, member]) => [
        name,
        typeof member === 'number' && /^total/iu.test(name) ? member - gone : totals(member),
      ]),
    );
  };
  return totals(rowsOf(value));
}

async function set(collector: Collector, size: 'few' | 'many' = 'few') {
  const { secret, configuration, refused, companies = 14, many = 100 } = SETTINGS[collector.id] ?? {};
  const of = await bench(collector, demoMsp(size === 'few' ? companies : many));
  const { handle } = of.vendor;
  let change = asItIs;
  of.vendor = {
    ...of.vendor,
    secret: { ...of.vendor.secret, ...secret },
    configuration: { ...of.vendor.configuration, ...configuration },
    handle: async (request) => {
      if (refused?.test(request.path)) return { status: 403, body: 'no' };
      const answer = await handle(request);
      const text = Buffer.from(answerOf(answer).body).toString();
      if (!/^\s*[[{]/u.test(text)) return answer;
      const headers = { 'content-type': 'application/json', ...answer.headers };
      return { ...answer, headers, body: JSON.stringify(change(JSON.parse(text))) };
    },
  };
  return {
    of,
    answers: (by: (value: Json) => Json) => {
      change = by;
    },
  };
}

const COME_BACK: SandboxResponse = { status: 429, headers: { 'retry-after': String(PAUSE_SECONDS) }, body: '' };

/** "Come back when this lifetime is over", at the n-th request. */
const pausingAt = (nth: number): NonNullable<RunOptions['before']> => {
  let asked = 0;
  return () => {
    asked += 1;
    return asked === nth ? COME_BACK : undefined;
  };
};

/** Each lifetime begins with a token, which is not part of what is read. */
const isSignIn = ({ path }: SandboxRequest): boolean => /token|login|auth\/(?!info)/iu.test(path);

const written = ({ method, host, path, query, body }: SandboxRequest): string =>
  `${method} ${host}${path}?${query} ${Buffer.from(body)}`;

/** Collects in as many lifetimes as it takes; `refuses` decides on every request. */
async function inLives(of: Bench, refuses: (request: SandboxRequest) => boolean) {
  const answered: string[] = [];
  let lives = 1;
  let checkpoint: CollectionCheckpoint | undefined;
  for (; ; lives += 1) {
    const before = (request: SandboxRequest): SandboxResponse | undefined => {
      if (isSignIn(request)) return undefined;
      if (refuses(request)) return COME_BACK;
      answered.push(written(request));
      return undefined;
    };
    const kept = async (changes: object) => {
      of.vendor = { ...of.vendor, secret: { ...of.vendor.secret, ...changes } };
    };
    const outcome = await lifetime(of, { before, kept, ...(checkpoint === undefined ? {} : { checkpoint }) });
    if (outcome.outcome === 'complete') return { ...outcome, answered, lives };
    checkpoint = onFile(outcome.checkpoint);
    await of.clock.sleep(PAUSE_SECONDS * 1000);
  }
}

/** What is counted, without reasons: Sherweb's reason for one customer names the address that was tried last. */
const counted = (customers: readonly CustomerCount[]) =>
  customers.map(({ id, state, counts }) => ({ id, state, counts }));

const onFile = (checkpoint: CollectionCheckpoint): CollectionCheckpoint =>
  z.parse(CollectionCheckpoint, JSON.parse(JSON.stringify(checkpoint)));

it.each(collectors.map((each) => [each.id, each] as const))(
  '%s counts the same wherever it pauses, in whatever order its lists come the next time',
  async (id, collector) => {
    const smooth = await set(collector);
    const whole = await collection(smooth.of);
    let most = 0;
    for (let nth = 1; nth <= smooth.of.asked.length; nth += 1) {
      const { of, answers } = await set(collector);
      let checkpoint: CollectionCheckpoint | undefined;
      for (let life = 0; ; life += 1) {
        answers(life % 2 === 0 ? asItIs : backwards);
        const before = checkpoint === undefined || checkpoint.idle === 0 ? pausingAt(nth) : () => undefined;
        const kept = async (changes: object) => {
          of.vendor = { ...of.vendor, secret: { ...of.vendor.secret, ...changes } };
        };
        const outcome = await lifetime(of, { before, kept, ...(checkpoint === undefined ? {} : { checkpoint }) });
        if (outcome.outcome === 'complete') {
          expect(counted(outcome.result.customers), `pauses at request ${nth}`).toEqual(counted(whole.customers));
          break;
        }
        checkpoint = onFile(outcome.checkpoint);
        most = Math.max(most, checkpoint.done.length);
        await of.clock.sleep(PAUSE_SECONDS * 1000);
      }
    }
    if (IN_PIECES.has(id)) expect(most).toBeGreaterThan(0);
  },
);

it.each(collectors.map((each) => [each.id, each] as const))(
  '%s reads on over a pause before every call, and of a list asks for the last page before it alone once more',
  async (id, collector) => {
    const whole = await inLives((await set(collector)).of, () => false);
    const met = new Set<string>();
    const { of } = await set(collector);
    let pausedAt = Number.NEGATIVE_INFINITY;
    const paused = await inLives(of, (request) => {
      // Pages that are requested at the same time wait together.
      if (!IN_PIECES.has(id) && of.clock.now() - pausedAt < PAUSE_SECONDS * 1000) return true;
      const isNew = !met.has(written(request));
      if (isNew) pausedAt = of.clock.now();
      met.add(written(request));
      return isNew;
    });
    expect(counted(paused.result.customers)).toEqual(counted(whole.result.customers));
    expect(paused.result.notes).toEqual(whole.result.notes);
    expect(paused.lives).toBeGreaterThan(IN_PIECES.has(id) ? 1 : met.size);
    if (IN_PIECES.has(id)) return;
    // ImmyBot names there the user that we sign in as; an answer that contains a credential is never kept.
    const pages = ({ answered }: { answered: string[] }) => answered.filter((call) => !call.includes('/users/claims'));
    expect([...new Set(pages(paused))]).toEqual([...new Set(pages(whole))]);
    const times = (calls: string[], call: string) => calls.filter((each) => each === call).length;
    for (const call of pages(paused)) {
      expect(times(pages(paused), call)).toBeLessThanOrEqual(times(pages(whole), call) + 1);
    }
    expect(paused.result.receipt.lists).toEqual(whole.result.receipt.lists);
  },
);

it.each(collectors.map((each) => [each.id, each] as const))(
  '%s takes a tenth more calls at most in lifetimes of two fifths of what it needs, and one more a pause',
  async (_, collector) => {
    const whole = await inLives((await set(collector, 'many')).of, () => false);
    const most = Math.max(2, Math.ceil(whole.answered.length * 0.4));
    const { of } = await set(collector, 'many');
    let checkedIn = of.clock.now();
    let left = most;
    const paused = await inLives(of, () => {
      // The clock is a pause further when the next lifetime begins.
      if (of.clock.now() - checkedIn >= PAUSE_SECONDS * 1000) left = most;
      checkedIn = of.clock.now();
      left -= 1;
      return left < 0;
    });
    expect(counted(paused.result.customers)).toEqual(counted(whole.result.customers));
    expect(paused.answered.length).toBeLessThanOrEqual(whole.answered.length * 1.1 + paused.lives - 1);
  },
);

const byCustomer = collectors.filter(({ id }) => IN_PIECES.has(id));

it.each(byCustomer.map((each) => [each.id, each] as const))(
  '%s keeps what it counted of a customer that is gone when it goes on, as in one lifetime',
  async (_, collector) => {
    const smooth = await set(collector);
    const whole = await collection(smooth.of);
    const [gone] = whole.customers.filter(({ state }) => state === 'counted');
    if (gone === undefined) throw new Error('nobody is counted');
    const { of, answers } = await set(collector);
    const first = await lifetime(of, { before: pausingAt(smooth.of.asked.length) });
    if (first.outcome !== 'paused') throw new Error('it did not pause at its last request');
    answers((value) => without(value, gone.id));
    await of.clock.sleep(PAUSE_SECONDS * 1000);
    const resumed = await collection(of, { checkpoint: onFile(first.checkpoint) });
    expect(counted(resumed.customers)).toEqual(counted(whole.customers));
  },
);
