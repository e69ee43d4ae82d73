import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { LARGE_BYTES } from '../../lambdas/wire/answer-size.ts';
import { Api } from '../../lambdas/wire/api.ts';
import { KeptAnswers, KeptForm } from '../../lambdas/wire/kept-answers.ts';
import { requestPath, type Scripted, session, wire } from './wire.ts';

const Body = z.object({ name: z.string() });

/** An API over a scripted wire that goes on from what was kept. */
function reading(kept: KeptForm, ...script: Scripted[]) {
  const of = wire(...script);
  const life = session(of);
  const answers = new KeptAnswers(life.redactor, kept);
  return { api: new Api(requestPath(of, {}, life), undefined, answers), answers, sent: of.sent, life };
}

const onFile = (answers: KeptAnswers): KeptForm => z.parse(KeptForm, JSON.parse(JSON.stringify(answers.snapshot())));

describe('what was answered before a pause', () => {
  it('is given again without a request, call by call', async () => {
    const first = reading([], { json: { name: 'One', more: 1 } }, { json: { name: 'Two' } });
    await first.api.get('/a', { schema: Body });
    await first.api.post('/b', { json: { page: 1 }, reads: true, schema: Body });
    expect(first.sent.map(({ method }) => method)).toEqual(['GET', 'POST']);
    const second = reading(onFile(first.answers), { json: { name: 'Three' } });
    expect(await second.api.get('/a', { schema: Body })).toEqual({ name: 'One' });
    expect(await second.api.post('/b', { json: { page: 1 }, reads: true, schema: Body })).toEqual({ name: 'Two' });
    expect(await second.api.post('/b', { json: { page: 2 }, reads: true, schema: Body })).toEqual({ name: 'Three' });
    expect(second.sent).toHaveLength(1);
  });

  it('is given again of calls that read, whatever their method; one that acts is made again', async () => {
    const call = async ({ api }: ReturnType<typeof reading>) => {
      await api.send('POST', '/search', { reads: true });
      await api.send('POST', '/tickets');
      await api.post('/tickets', { json: {}, schema: z.looseObject({}) });
    };
    const first = reading([], { json: {} });
    await call(first);
    const second = reading(onFile(first.answers), { json: {} });
    await call(second);
    const calls = ({ sent }: ReturnType<typeof reading>) => sent.map(({ method, url }) => `${method} ${url.pathname}`);
    expect(calls(first)).toEqual(['POST /v1/search', 'POST /v1/tickets', 'POST /v1/tickets']);
    expect(calls(second)).toEqual(['POST /v1/tickets', 'POST /v1/tickets']);
  });

  it('is given again to the same API with further headers, whose receipts it shares', async () => {
    const call = async ({ api }: ReturnType<typeof reading>) => {
      const other = api.with({ headers: { 'x-site': '2' } });
      await other.get('/a', { schema: Body });
      expect(other.evidence).toBe(api.evidence);
    };
    const first = reading([], { json: { name: 'One' } });
    await call(first);
    expect(first.sent.map(({ headers }) => headers['x-site'])).toEqual(['2']);
    const second = reading(onFile(first.answers));
    await call(second);
    expect(second.sent).toEqual([]);
  });

  it('comes in its order if a call was asked several times, and again from the first when the reading begins', async () => {
    const first = reading([], { json: { name: 'One' } }, { json: { name: 'Two' } }, { json: { name: 'Three' } });
    const names = async ({ api }: ReturnType<typeof reading>, times: number) => {
      const kept: string[] = [];
      for (let time = 0; time < times; time += 1) kept.push((await api.get('/a', { schema: Body })).name);
      return kept;
    };
    await names(first, 2);
    first.answers.begin();
    expect(await names(first, 3)).toEqual(['One', 'Two', 'Three']);
    expect(await names(reading(onFile(first.answers)), 3)).toEqual(['One', 'Two', 'Three']);
  });

  it('holds status, headers and the raw body if that is what was asked for, and no cookie', async () => {
    const headers = { link: '<https://a.example>; rel="next"', 'set-cookie': 'session=abcdefgh' };
    const first = reading([], { status: 404, json: { a: 1 }, headers });
    await first.api.send('GET', '/a', { accept: [404] });
    const { answers, api, sent } = reading(onFile(first.answers));
    const answer = await api.send('GET', '/a', { accept: [404] });
    expect(answer).toMatchObject({ status: 404, headers: { link: headers.link } });
    expect(answer.headers).not.toHaveProperty('set-cookie');
    expect(Buffer.from(answer.body).toString()).toBe('{"a":1}');
    expect([sent.length, answers.furthest]).toEqual([0, 1]);
  });

  it('is no more than what is looked at', async () => {
    const first = reading([], { json: { name: 'One', password: 'x'.repeat(50_000) } });
    await first.api.get('/a', { schema: Body });
    expect(JSON.stringify(first.answers.snapshot()).length).toBeLessThan(300);
  });
});

describe('an answer is asked for again', () => {
  const twice = async (
    first: Scripted,
    call: () => { path: string; schema?: z.ZodMiniType } = () => ({ path: '/a' }),
  ) => {
    const before = reading([], first);
    before.life.redactor.hide('the-secret-of-the-vendor');
    await before.api.get('/a', { schema: z.object({ name: z.unknown() }) });
    const after = reading(onFile(before.answers), first);
    const { path, schema = z.object({ name: z.unknown() }) } = call();
    await after.api.get(path, { schema });
    return after.sent.length;
  };

  it('where it is larger than is kept', async () => {
    const largest = 'x'.repeat(LARGE_BYTES - '{"name":""}'.length);
    expect(await twice({ json: { name: largest } })).toBe(0);
    expect(await twice({ json: { name: `${largest}x` } })).toBe(1);
  });

  it('where it holds a secret', async () => {
    expect(await twice({ json: { name: 'key the-secret-of-the-vendor' } })).toBe(1);
  });

  it('where other members are looked at than before', async () => {
    const schema = z.object({ name: z.unknown(), seats: z.optional(z.int()) });
    expect(await twice({ json: { name: 'One' } }, () => ({ path: '/a', schema }))).toBe(1);
    expect(await twice({ json: { name: 'One' } })).toBe(0);
  });

  it.each(['', 'AAAA', '!'])('where what was kept cannot be read: %j', async (packed) => {
    const first = reading([], { json: { name: 'One' } });
    await first.api.get('/a', { schema: Body });
    const spoilt = onFile(first.answers).map(([call]): KeptForm[number] => [call, [packed]]);
    const second = reading(spoilt, { json: { name: 'Two' } });
    expect(await second.api.get('/a', { schema: Body })).toEqual({ name: 'Two' });
  });

  it('where it was forgotten', async () => {
    const { api, answers, sent } = reading([], { json: { name: 'One' } });
    await api.get('/a', { schema: Body });
    answers.clear();
    answers.begin();
    await api.get('/a', { schema: Body });
    expect(sent).toHaveLength(2);
    expect(answers.furthest).toBe(1);
  });

  it('where another was forgotten, it is not', async () => {
    const { api, answers } = reading([], { json: { name: 'One' } });
    await api.get('/a', { schema: Body });
    answers.forget(['a call of which nothing was kept']);
    await api.get('/b', { schema: Body });
    expect(answers.furthest).toBe(2);
  });
});

describe('where one answer of several to a call was not kept', () => {
  const HELD = { json: { name: 'holds the-secret-of-the-vendor' } };

  /** One call, asked three times: the second answer cannot be kept. */
  async function withGap() {
    const before = reading([], { json: { name: 'One' } }, HELD, { json: { name: 'Three' } });
    before.life.redactor.hide('the-secret-of-the-vendor');
    for (let time = 0; time < 3; time += 1) await before.api.get('/a', { schema: Body });
    return onFile(before.answers);
  }

  it('that one is asked for again, and the others are not', async () => {
    const { api, sent, answers } = reading(await withGap(), { json: { name: 'Two' } });
    const names: string[] = [];
    for (let time = 0; time < 3; time += 1) names.push((await api.get('/a', { schema: Body })).name);
    expect([names, sent.length, answers.furthest]).toEqual([['One', 'Two', 'Three'], 1, 3]);
  });

  it('it does not count as progress, nor as lost when all is forgotten', async () => {
    const script = ['Four', 'Five', 'Six'].map((name) => ({ json: { name } }));
    const { api, answers } = reading(await withGap(), ...script);
    expect(answers.furthest).toBe(2);
    answers.clear();
    for (const path of ['/b', '/c', '/d']) await api.get(path, { schema: Body });
    expect(answers.furthest).toBe(3);
  });

  it('an answer in the place of an unreadable one is no more than that was', async () => {
    const { api, answers } = reading(
      [...(await withGap())].map(([call]) => [call, ['AAAA']]),
      { json: { name: 'One' } },
    );
    await api.get('/a', { schema: Body });
    expect(answers.furthest).toBe(1);
  });
});

it('what is read aside, or writes, is not kept', async () => {
  const { api, answers } = reading([], { json: { name: 'One' } });
  const pieces = async function* () {
    yield await api.get('/a', { schema: Body });
  };
  const names: string[] = [];
  for await (const { name } of answers.aside(pieces())) names.push(name);
  expect(names).toEqual(['One']);
  await api.post('/b', { json: {}, schema: Body });
  expect(answers.snapshot()).toEqual([]);
  await api.get('/a', { schema: Body });
  expect(answers.snapshot()).toHaveLength(1);
});
