import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import {
  bondFaults,
  bondOf,
  described,
  eitherOf,
  flag,
  guesses,
  meaningOf,
  optional,
  place,
  preset,
  required,
  template,
  together,
} from '../../lambdas/wire/options.ts';

const inner = { name: required('the name') };

describe('an option', () => {
  it.each([
    ['required', required('what it is for')],
    ['required with a form', required('what it is for', z.int())],
    ['optional', optional(z.string(), 'what it is for')],
    ['flag', flag('what it is for')],
    ['preset', preset(z.string(), 'x', 'what it is for')],
    ['template', template('/a/{id}', 'what it is for')],
    ['guesses', guesses({ id: ['id'] }, 'what it is for')],
    ['described', described(z.string(), 'what it is for')],
  ])('carries its sentence: %s', (_, form) => {
    expect(meaningOf(form)).toBe('what it is for');
  });

  it('keeps its sentence apart from that of another with the same form', () => {
    const digits = z.string().check(z.regex(/^\d+$/u));
    const [a, b] = [required('a', digits), required('b', digits)];
    expect([meaningOf(a), meaningOf(b), meaningOf(digits)]).toEqual(['a', 'b', undefined]);
  });

  it('that is required is some text', () => {
    expect(z.safeParse(required('x'), '').success).toBe(false);
    expect(z.safeParse(required('x'), undefined).success).toBe(false);
  });

  it('that is preset or a flag may be left out', () => {
    expect(z.parse(z.object({ a: flag('x'), b: preset(z.int(), 7, 'x') }), {})).toEqual({ a: false, b: 7 });
  });
});

describe('a path with placeholders', () => {
  const form = template('/customers/{customerNo}/subscriptions', 'where they are');

  it('must have them all and begin with /', () => {
    expect(z.parse(form, undefined)).toBe('/customers/{customerNo}/subscriptions');
    expect(z.parse(form, '/v2/{customerNo}')).toBe('/v2/{customerNo}');
    for (const [path, expected] of [
      ['/v2/subscriptions', '{customerNo}'],
      ['v2/{customerNo}', 'begins with /'],
    ]) {
      expect(JSON.stringify(z.safeParse(form, path).error?.issues)).toContain(expected);
    }
    expect(z.parse(template('/customers', 'where they are'), '/v2/clients')).toBe('/v2/clients');
  });
});

describe('guessed names of members', () => {
  const form = guesses({ customerName: ['name', 'title'], quantity: ['seats'] }, 'names of members');

  it('are those of the declaration, each list replaced by the configured one', () => {
    expect(z.parse(form, undefined)).toEqual({ customerName: ['name', 'title'], quantity: ['seats'] });
    expect(z.parse(form, { quantity: ['qty'] })).toEqual({ customerName: ['name', 'title'], quantity: ['qty'] });
  });

  it('have a sentence each, and no strangers', () => {
    expect(z.safeParse(form, { quantty: ['qty'] }).success).toBe(false);
    expect(z.safeParse(form, { quantity: [] }).success).toBe(false);
    expect(z.toJSONSchema(form, { io: 'input' })).toMatchObject({
      properties: { customerName: { description: "names of the row's customer name, most likely first" } },
    });
  });
});

describe('options that are bound', () => {
  const either = eitherOf({ clientSecret: required('a') }, { certificate: required('b'), key: required('c') });
  const both = together({ user: required('d'), password: required('e') });

  it.each([
    [{ clientSecret: 's' }, []],
    [{ certificate: 'c', key: 'k' }, []],
    [{}, ['clientSecret or certificate and key: expected one of the two']],
    [{ clientSecret: 's', key: 'k' }, ['clientSecret or certificate and key: expected one of the two']],
    [{ certificate: 'c' }, ['key: expected with certificate']],
  ])('one way or the other: %j', (settings, faults) => {
    expect(bondFaults(either, settings)).toEqual(faults);
  });

  it.each([
    [{}, []],
    [{ user: 'u', password: 'p' }, []],
    [{ user: 'u' }, ['password: expected with user']],
  ])('together or not at all: %j', (settings, faults) => {
    expect(bondFaults(both, settings)).toEqual(faults);
  });

  it('are stated in the documentation, and keep their sentences', () => {
    expect(bondOf('clientSecret', either.clientSecret)).toBe('this or certificate and key');
    expect(bondOf('key', either.key)).toBe('this or clientSecret');
    expect(bondOf('user', both.user)).toBe('with password');
    expect(bondOf('name', inner.name)).toBeUndefined();
    expect(meaningOf(either.key)).toBe('c');
  });
});

describe('the place of an API', () => {
  const at = place(
    { eu: 'https://eu.acme.example', us: 'https://us.acme.example' },
    { form: /^https:\/\/[a-z]+\.acme\.example\/?$/u, expected: 'https://….acme.example', sentence: 'your own address' },
  );

  it('is that of the region, or the own address without its last slash', () => {
    expect(at.address({ region: 'eu' })).toBe('https://eu.acme.example');
    expect(at.address({ baseUrl: 'https://own.acme.example/' })).toBe('https://own.acme.example');
    expect(() => at.address({})).toThrow('neither a known region nor an address');
  });

  it('takes its regions alone, an address of its form alone, and one of the two', () => {
    const form = z.strictObject(at.options);
    expect(z.safeParse(form, { region: 'mars' }).success).toBe(false);
    expect(z.safeParse(form, { baseUrl: 'https://evil.example' }).error?.issues).toMatchObject([
      { path: ['baseUrl'], message: 'expected https://….acme.example' },
    ]);
    expect(bondFaults(at.options, { region: 'eu', baseUrl: 'x' })).toEqual([
      'region or baseUrl: expected one of the two',
    ]);
  });
});
