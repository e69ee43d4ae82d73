import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import * as z from 'zod/mini';
import { number } from '../../lambdas/counting/columns.ts';
import { flat } from '../../lambdas/counting/facts.ts';
import { owner } from '../../lambdas/counting/row-forms.ts';
import { Tally } from '../../lambdas/counting/tally.ts';
import { VendorApi } from '../../lambdas/counting/vendor-api.ts';
import { type Verbs, verbs } from '../../lambdas/counting/verbs.ts';
import { LARGE_BYTES } from '../../lambdas/wire/answer-size.ts';
import { AnswerTooLarge } from '../../lambdas/wire/answer-too-large.ts';
import { readBody } from '../../lambdas/wire/body.ts';
import { KeptAnswers } from '../../lambdas/wire/kept-answers.ts';
import { inSlices, whole } from '../../lambdas/wire/list-paging.ts';
import { list } from '../../lambdas/wire/lists.ts';
import { slicesOf } from '../../lambdas/wire/slices.ts';
import type { Transport } from '../../lambdas/wire/transport.ts';
import { virtualClock } from '../virtual-clock.ts';
import { requestPath, session, wire } from './wire.ts';

/*
 * An estate that comes in one large answer is read in slices, and says what it would have said as a whole.
 */

const estate = list('/estate', { id: z.string(), of: owner(z.string()) }, inSlices(whole('data.rows')));
const COLUMNS = { devices: number('Devices', 'devices') };

/** So many rows of 1 KiB each, each one's id being its place. */
const rowsOf = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ id: `d${at}`, of: `c${at % 7}`, more: 'é'.repeat(480) }));

const MANY = rowsOf(12_000);

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += 60_001) yield bytes.subarray(from, from + 60_001);
}

/** The path to a vendor that answers with these bytes. Packing takes real time, while the clock stands still. */
function answering(bytes: Uint8Array, headers: Record<string, string> = {}) {
  const clock = virtualClock();
  const seen = { isPacked: false };
  const transport: Transport = async ({ mayPack = false }) => {
    const body = await clock.hold(readBody(inPieces(bytes), mayPack));
    seen.isPacked = body.packed !== undefined;
    return { status: 200, headers, ...body };
  };
  return { seen, path: requestPath(wire({}), {}, session({ sent: [], transport }, 880, clock)) };
}

/** What is collected where the vendor answers with this text. */
async function collected(text: string | Uint8Array, headers?: Record<string, string>) {
  const { seen, path } = answering(Buffer.from(text), headers);
  const kept = new KeptAnswers(path.session.redactor);
  const api = new VendorApi(path, undefined, undefined, kept);
  const tally = new Tally();
  const collect = async function* ({ read, customer, count }: Verbs<'devices'>) {
    for (let at = 0; at < 7; at += 1) yield customer(`c${at}`, `Customer ${at}`);
    yield* read(estate, ({ of }) => count(of, 'devices'));
  };
  for await (const fact of flat(collect(verbs(api, { prefix: 'Acme', columns: COLUMNS }))))
    for (const part of fact.fact === 'piece' ? fact.facts : [fact]) tally.add(part);
  const { customers } = tally.result();
  return { customers, receipts: api.evidence.lists, kept: kept.snapshot(), ...seen };
}

const written = (rows: readonly object[], more: object = {}): string => JSON.stringify({ data: { rows }, ...more });

it('counts each row once, and leaves a receipt like any other list', async () => {
  const { customers, receipts, kept, isPacked } = await collected(written(MANY));
  expect(isPacked).toBe(true);
  expect(customers.map(({ counts }) => counts['Acme Devices'])).toEqual([1715, 1715, 1714, 1714, 1714, 1714, 1714]);
  expect(receipts).toEqual([
    { list: '/estate', pages: 1, rows: 12_000, distinct: 12_000, end: 'the API has one page' },
  ]);
  // It is asked for again after a pause.
  expect(kept).toEqual([]);
});

it('is read as a whole where it is not large, with the same words', async () => {
  const small = await collected(written(MANY.slice(0, 70)));
  expect(small.isPacked).toBe(false);
  expect(small.receipts).toEqual([{ list: '/estate', pages: 1, rows: 70, distinct: 70, end: 'the API has one page' }]);
  expect(small.kept).toHaveLength(1);
});

it('is never packed where its list cannot be read in slices', async () => {
  const { seen, path } = answering(Buffer.from(written(MANY)));
  const ids: string[] = [];
  const asWhole = list('/estate', { id: z.string() }, whole('data.rows'));
  for await (const { id } of verbs(new VendorApi(path), { prefix: 'Acme', columns: COLUMNS }).rows(asWhole))
    ids.push(id);
  expect([ids.length, seen.isPacked]).toEqual([12_000, false]);
});

it('costs one customer where one row is odd, and names that row by its place', async () => {
  const odd = MANY.map((row, at) => (at === 9_001 ? { ...row, id: 7 } : row));
  const { customers } = await collected(written(odd));
  expect(customers.filter(({ state }) => state === 'failed')).toMatchObject([
    {
      id: 'c6',
      reason: 'Vendor list /estate: data.rows.9001.id: expected string, found number (fields seen: id, of, more)',
    },
  ]);
});

it.each([
  ['cut off', (text: string) => text.slice(0, -3), 'the answer is not JSON'],
  [
    'with a second list of that name',
    (text: string) => `${text.slice(0, -1)},"data":{"rows":[]}}`,
    'not one list (two members data)',
  ],
  [
    'without the list',
    (text: string) => text.replace('"rows"', '"lines"'),
    'not one list (too many characters without an entry)',
  ],
  [
    'with two rows of one id',
    (text: string) => text.replace('"d11999","of":"c1"', '"d3","of":"c1"'),
    'contradict each other',
  ],
  [
    'that announces a further page behind its rows',
    (text: string) => `${text.slice(0, -1)},"hasMore":true}`,
    'hasMore',
  ],
])('is an error %s', async (_, spoil, message) => {
  await expect(collected(spoil(written(MANY)))).rejects.toMatchObject({
    name: 'VendorContractError',
    message: expect.stringContaining(message),
  });
});

it('is an error in another charset than it says', async () => {
  const latin = Buffer.from(written(rowsOf(20_000)), 'latin1');
  await expect(collected(latin)).rejects.toMatchObject({ message: expect.stringContaining('not readable as utf-8') });
  const { receipts, isPacked } = await collected(latin, { 'content-type': 'application/json; charset=iso-8859-1' });
  expect(isPacked).toBe(true);
  expect(receipts).toMatchObject([{ distinct: 20_000 }]);
});

it('holds whole numbers beyond 2^53 exactly', async () => {
  const numbered = list('/estate', { id: z.string() }, inSlices(whole('data.rows')));
  const text = written(MANY)
    .replace('"id":"d11998"', '"id":9007199254740993')
    .replace('"id":"d11999"', '"id":9007199254740992');
  const api = new VendorApi(answering(Buffer.from(text)).path);
  const ids: string[] = [];
  for await (const { id } of verbs(api, { prefix: 'Acme', columns: COLUMNS }).rows(numbered)) ids.push(id);
  expect(ids.slice(-2)).toEqual(['9007199254740993', '9007199254740992']);
});

/** Whether these bytes are the body, unpacked. Equality by matchers takes seconds for megabytes. */
async function comesWhole(bytes: Buffer, mayPack: boolean): Promise<boolean> {
  const { body, packed } = await readBody(inPieces(bytes), mayPack);
  return packed === undefined && bytes.equals(body);
}

it('is packed while it comes only where the caller may be given that, and not beyond what memory holds', async () => {
  const bytes = randomBytes(9 * 1024 * 1024);
  expect(await comesWhole(bytes, false)).toBe(true);
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) yield bytes;
  }
  await expect(readBody(endless(), true, 10 * 1024 * 1024)).rejects.toThrow('larger than 10 MiB');
  await expect(readBody(endless(), false)).rejects.toThrow('larger than 64 MiB');
});

it('is packed from the first byte beyond what counts as small, and may be as large as memory holds', async () => {
  const small = randomBytes(LARGE_BYTES);
  expect(await comesWhole(small, true)).toBe(true);
  const large = Buffer.concat([small, Buffer.of(0)]);
  const { packed = [] } = await readBody(inPieces(large), true);
  const { length } = Buffer.concat(packed);
  expect((await readBody(inPieces(large), true, length)).packed).toHaveLength(packed.length);
  await expect(readBody(inPieces(large), true, length - 1)).rejects.toThrow(AnswerTooLarge);
});

it('that cannot be unpacked is not called malformed JSON', async () => {
  const slices = slicesOf([Buffer.from('not packed')], undefined, [], 'Vendor GET /estate');
  await expect(slices.next()).rejects.toMatchObject({ code: expect.stringMatching(/^Z_/u) });
});

it('is no answer where it breaks off', async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    for (let piece = 0; piece < 10; piece += 1) yield Buffer.alloc(1024 * 1024);
    throw Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' });
  }
  await expect(readBody(broken(), true)).rejects.toMatchObject({ code: 'UND_ERR_SOCKET' });
});
