import { inflateRawSync } from 'node:zlib';
import { expect, it } from 'vitest';
import * as z from 'zod/mini';
import { number } from '../../lambdas/counting/columns.ts';
import { type Fact, flat } from '../../lambdas/counting/facts.ts';
import { aside, figure, itself, usual } from '../../lambdas/counting/row-forms.ts';
import { VendorApi } from '../../lambdas/counting/vendor-api.ts';
import { verbs } from '../../lambdas/counting/verbs.ts';
import { guessedPages } from '../../lambdas/wire/guessed-paging.ts';
import { KeptAnswers, type KeptForm } from '../../lambdas/wire/kept-answers.ts';
import { cursor, type ListPaging, whole } from '../../lambdas/wire/list-paging.ts';
import { type ListOf, list } from '../../lambdas/wire/lists.ts';
import { Paused } from '../../lambdas/wire/session.ts';
import { requestPath, type Scripted, session, wire } from '../wire/wire.ts';

const SECRET = 'token-of-the-customer';

const form = {
  id: itself(z.int()),
  day: z.string(),
  site: aside(z.object({ name: z.string() })),
  seats: figure(z.int()),
  kind: usual(z.string(), 'kinds cannot be told'),
};

const more = { apiToken: SECRET, contact: { phone: SECRET }, notes: [SECRET] };
const row = (id: number, rest: object) => ({ id, uid: `u${id}`, name: `Number ${id}`, ...more, ...rest });
const ROWS = [
  row(1, { day: '2026-11-01', site: { name: 'North', fax: SECRET }, seats: 4 }),
  row(2, { daay: '2026-11-01', seats: 1 }),
  row(3, { day: '2026-11-01', seats: 'five', kind: 'x' }),
  row(4, { day: '2026-11-01', site: 'odd', seets: 5 }),
];

type Key = 'id' | 'uid' | ((row: { id: number }) => number);

/**
 * What a list says that pauses before page `rest`; `kept` is all that was on file then. Pages cut by position are
 * looked back at.
 */
async function readOverPause(paging: ListPaging, pages: Scripted[], key: Key, rest: number) {
  const facts: Fact[] = [];
  const of = wire(...pages.slice(0, rest), { status: 429, headers: { 'retry-after': '3000' } });
  const first = session(of);
  let answers = new KeptAnswers(first.redactor);
  const reading = async (api: VendorApi) => {
    const { read, customer } = verbs(api, { prefix: 'Acme', columns: { seats: number('Seats', 'seats') } });
    const sites = list('/sites', form, paging, { key });
    for await (const fact of flat(read(sites, ({ id, seats, site }) => customer(id, site?.name ?? '', { seats })))) {
      if (fact.fact !== 'piece') facts.push(fact);
    }
  };
  await expect(
    reading(new VendorApi(requestPath(of, {}, first), undefined, undefined, answers)),
  ).rejects.toBeInstanceOf(Paused);
  const onFile = answers.snapshot();
  facts.length = 0;
  const looksBack = rest > 0 && paging.paging.byPosition === true;
  const [next, ...others] = pages.slice(rest);
  const later = wire(...[next, ...(looksBack ? [pages[rest - 1]] : []), ...others].flatMap((page) => page ?? []));
  answers = new KeptAnswers(first.redactor, onFile);
  await reading(new VendorApi(requestPath(later), undefined, undefined, answers));
  const kept = onFile.flatMap(([, packed]) =>
    packed.map((each) => inflateRawSync(Buffer.from(each, 'base64')).toString()),
  );
  return { facts, kept, asked: later.sent.length };
}

const PAGED = cursor('data.rows', 'cursor', 'next', { total: 'total?' });
const pages: Scripted[] = ROWS.map((each, index) => ({
  json: { data: { rows: [each] }, next: index < ROWS.length - 1 ? `c${index}` : null, total: ROWS.length },
}));

it.each<[string, Key]>([
  ['their id', 'id'],
  ['another field', 'uid'],
  ['a function', ({ id }) => id],
])('rows told apart by %s say the same over a pause, odd ones too', async (_, key) => {
  const whole = await readOverPause(PAGED, pages, key, 0);
  expect(whole.facts.length).toBeGreaterThan(ROWS.length);
  expect(JSON.stringify(whole.facts)).toContain('fields seen');
  for (let rest = 1; rest < ROWS.length; rest += 1) {
    const { facts, kept, asked } = await readOverPause(PAGED, pages, key, rest);
    expect(facts).toEqual(whole.facts);
    expect(asked).toBe(ROWS.length - rest);
    expect(kept).toHaveLength(rest);
    // What nobody looks at may be for nobody else.
    expect(kept.join()).not.toContain(SECRET);
    // Nor, of a row that is as declared, its name: only a message would list that.
    expect(kept[0]).not.toContain('apiToken');
  }
});

it('rows whose place is a guess are kept as they are, unless they are the answer itself', async () => {
  const guessed = guessedPages({ at: ['', 'items'], total: ['total'], page: ['page', 1], size: ['size', 2] });
  const halves = [ROWS.slice(0, 2), ROWS.slice(2), []];
  for (const isHolder of [false, true]) {
    const answers = halves.map((items) => ({ json: isHolder ? { items } : items }));
    const whole = await readOverPause(guessed('sites'), answers, 'id', 0);
    const { facts, asked, kept } = await readOverPause(guessed('sites'), answers, 'id', 1);
    expect(facts).toEqual(whole.facts);
    // The page before the pause is looked at once more.
    expect(asked).toBe(whole.asked);
    expect(kept.join().includes(SECRET)).toBe(isHolder);
  }
});

it('what was kept of rows is not given to a list that reads other fields, or tells its rows apart by another', async () => {
  const columns = { seats: number('Seats', 'seats') };
  const read = async <R>(of: ListOf<R>, onFile: KeptForm) => {
    const sites = wire({ json: { data: { rows: ROWS.slice(0, 1) } } });
    const path = requestPath(sites);
    const answers = new KeptAnswers(path.session.redactor, onFile);
    const { rows } = verbs(new VendorApi(path, undefined, undefined, answers), { prefix: 'Acme', columns });
    for await (const _ of rows(of));
    return { asked: sites.sent.length, kept: answers.snapshot() };
  };
  const sites = list('/sites', form, whole('data.rows'));
  const { kept } = await read(sites, []);
  expect((await read(sites, kept)).asked).toBe(0);
  expect((await read({ ...sites, key: 'uid' }, kept)).asked).toBe(1);
  expect((await read(list('/sites', { ...form, uid: z.string() }, whole('data.rows')), kept)).asked).toBe(1);
});

it('the first page of a list, requested while another list is read, is kept over a pause of that one', async () => {
  const of = wire(...pages);
  const life = session(of);
  const answers = new KeptAnswers(life.redactor);
  const api = new VendorApi(requestPath(of, {}, life), undefined, undefined, answers);
  const { prefetching } = verbs(api, { prefix: 'Acme', columns: { seats: number('Seats', 'seats') } });
  const pausing = async function* (): AsyncGenerator<Fact> {
    yield* await Promise.reject<Fact[]>(new Paused(30, 'the vendor limits the rate'));
  };
  const reading = prefetching(list('/sites', form, PAGED), pausing());
  await expect(reading.next()).rejects.toBeInstanceOf(Paused);
  expect(answers.furthest).toBe(1);
});
