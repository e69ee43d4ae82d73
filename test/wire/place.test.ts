import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { find, membersOf, optional, pathOf, valueAt } from '../../lambdas/wire/place.ts';

const name = fc.stringMatching(/^[a-z]{1,4}$/u);

describe('a place inside an answer', () => {
  it('is where its names lead, whatever is there', () => {
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), fc.jsonValue(), (path, value) => {
        fc.pre(value !== null);
        const answer = path.reduceRight<unknown>((inner, step) => ({ [step]: inner }), value);
        expect(find(answer, path.join('.'))).toEqual({ value });
      }),
      { numRuns: 50 },
    );
  });

  it('is the answer itself without a name, and a name may hold a dot or a question mark', () => {
    expect(find([1], '')).toEqual({ value: [1] });
    expect(valueAt({ '@odata.nextLink': 'x' }, ['@odata.nextLink'])).toBe('x');
    expect(valueAt({ 'isOn?now': 'x' }, 'isOn?now')).toBe('x');
    expect(pathOf('isOn?now.since?')).toEqual(['isOn?now', 'since']);
  });

  it('is no member that every object has', () => {
    expect(find({}, 'constructor')).toMatchObject({ fault: { path: ['constructor'] } });
    expect(valueAt({ a: {} }, 'a.toString')).toBeUndefined();
  });

  it('that is missing or null is a fault that names the fields seen and no value', () => {
    for (const page of [{ totel: 'hunter2' }, { totel: 'hunter2', total: null }]) {
      const found = find({ page }, 'page.total');
      expect(found).toMatchObject({ fault: { path: ['page', 'total'], message: expect.stringContaining('totel') } });
      expect(JSON.stringify(found)).not.toContain('hunter2');
    }
  });

  it.each([
    [{ page: [] }, 'an array'],
    [{ page: 'x' }, 'a string'],
    [{ page: 7 }, 'a number'],
  ])('is a fault if its holder is not an object: %j', (answer, kind) => {
    expect(find(answer, 'page.total?')).toMatchObject({
      fault: { message: `expected an object with total, found ${kind}` },
    });
  });

  it('can be missing if it is marked so, its holder if that is', () => {
    expect(find({ page: {} }, 'page.total?')).toStrictEqual({ value: undefined });
    expect(find({}, 'page?.total')).toEqual({ value: undefined });
    expect(find({}, 'page.total?')).toHaveProperty('fault');
    for (const total of ['page.total', 'page.total?']) expect(optional(total)).toEqual(['page', 'total?']);
  });

  it('is shown beside those around it, objects with their members', () => {
    expect(membersOf({ data: { rows: [], total: 1 }, ok: true })).toBe('data {rows, total}, ok');
    expect(membersOf({})).toBe('none');
    const many = (length: number) =>
      membersOf(Object.fromEntries(Array.from({ length }, (_, index) => [`m${index}`, 1])));
    expect(many(12)).toMatch(/m11$/u);
    expect(many(13)).toMatch(/m11, and more$/u);
  });
});
