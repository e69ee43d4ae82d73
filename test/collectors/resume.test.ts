import { expect, it } from 'vitest';
import { type Checkpoint, readCheckpoint } from '../../lambdas/counting/collect.ts';
import type { Collector } from '../../lambdas/counting/vendor.ts';
import { loadRegistry } from '../../lambdas/registry.ts';
import type { CustomerCount } from '../../lambdas/report/collection.ts';
import { answerOf } from '../sandbox/answer.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import type { SandboxRequest, SandboxResponse } from '../sandbox/vendor.ts';
import { bench, collection, lifetime, type RunOptions } from './run.ts';

/*
 * A collection of several lifetimes says what one lifetime would have said, although its lists come in another order each time, and
 * although a customer may be gone by the next one.
 */

const { collectors } = await loadRegistry();

const PAUSE_SECONDS = 1200;

/** What it takes that a collector reads customer by customer, or in several calls, where it does not by itself. */
const SETTINGS: Record<string, { configuration?: object; refused?: RegExp; companies?: number }> = {
  auvik: { companies: 150 },
  huntress: { configuration: { exact: true } },
  'connectwise-asio': { refused: /\/v1\/device\/endpoints/u },
};

/** Those that read customer by customer, or in several calls: what they finished is kept over a pause. */
const IN_PIECES = new Set([
  ...['datto-rmm', 'connectwise-asio', 'microsoft-365', 'huntress', 'duo', 'auvik', 'proofpoint-essentials', 'cork'],
  ...['sherweb', 'td-synnex-stellr', 'synnex-australia'],
]);

type Json = { [member: string]: Json } | Json[] | string | number | boolean | null;

const asItIs = (value: Json): Json => value;

/** The same answer with every list in it from back to front. */
function backwards(value: Json): Json {
  if (Array.isArray(value)) return value.map(backwards).reverse();
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, backwards(member)]));
}

/** The same answer without the rows that name `id`; totals are so much the lower. */
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

async function set(collector: Collector) {
  const { configuration, refused, companies = 14 } = SETTINGS[collector.id] ?? {};
  const of = await bench(collector, demoMsp(companies));
  const { handle } = of.vendor;
  let change = asItIs;
  of.vendor = {
    ...of.vendor,
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

/** "Come back when this lifetime is over", at the n-th request. */
const pausingAt = (nth: number): NonNullable<RunOptions['before']> => {
  let asked = 0;
  return (_: SandboxRequest): SandboxResponse | undefined => {
    asked += 1;
    return asked === nth ? { status: 429, headers: { 'retry-after': String(PAUSE_SECONDS) }, body: '' } : undefined;
  };
};

/** What is counted; Sherweb's reason for one customer names the address that was tried last. */
const told = (customers: readonly CustomerCount[]) => customers.map(({ id, state, counts }) => ({ id, state, counts }));

const onFile = (checkpoint: Checkpoint): Checkpoint => readCheckpoint(JSON.parse(JSON.stringify(checkpoint)));

it.each(collectors.map((each) => [each.id, each] as const))(
  '%s says the same wherever it has to pause, in whatever order its lists come the next time',
  async (id, collector) => {
    const smooth = await set(collector);
    const whole = await collection(smooth.of);
    let most = 0;
    for (let nth = 1; nth <= smooth.of.asked.length; nth += 1) {
      const { of, answers } = await set(collector);
      let checkpoint: Checkpoint | undefined;
      for (let life = 0; ; life += 1) {
        answers(life % 2 === 0 ? asItIs : backwards);
        const before = checkpoint === undefined || checkpoint.idle === 0 ? pausingAt(nth) : () => undefined;
        const kept = async (changes: object) => {
          of.vendor = { ...of.vendor, secret: { ...of.vendor.secret, ...changes } };
        };
        const outcome = await lifetime(of, { before, kept, ...(checkpoint === undefined ? {} : { checkpoint }) });
        if (outcome.outcome === 'complete') {
          expect(told(outcome.collection.customers), `pauses at request ${nth}`).toEqual(told(whole.customers));
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

// Who stands in the list of a partner of Proofpoint was read with it.
const byCustomer = collectors.filter(({ id }) => IN_PIECES.has(id) && id !== 'proofpoint-essentials');

it.each(byCustomer.map((each) => [each.id, each] as const))(
  '%s leaves out a customer that is gone when it goes on',
  async (_, collector) => {
    const smooth = await set(collector);
    const whole = await collection(smooth.of);
    const counted = whole.customers.filter(({ state }) => state === 'counted');
    for (const gone of [counted.at(0), counted.at(-1)]) {
      if (gone === undefined) throw new Error('nobody is counted');
      const { of, answers } = await set(collector);
      const first = await lifetime(of, { before: pausingAt(smooth.of.asked.length) });
      if (first.outcome !== 'paused') throw new Error('it did not pause at its last request');
      answers((value) => without(value, gone.id));
      await of.clock.sleep(PAUSE_SECONDS * 1000);
      const resumed = await collection(of, { checkpoint: onFile(first.checkpoint) });
      expect(told(resumed.customers)).toEqual(told(whole.customers.filter((one) => one !== gone)));
    }
  },
);
