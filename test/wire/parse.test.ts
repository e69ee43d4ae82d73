import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { ReportError } from '../../lambdas/report/errors.ts';
import { conform, parseJson } from '../../lambdas/wire/parse.ts';

const parse = (text: string | Uint8Array, type?: string) => parseJson(Buffer.from(text), type, 'Vendor GET /list');

describe('an answer', () => {
  it('is whatever JSON says', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!/(^|[^.\d])\d{16,}([^.\d]|$)/u.test(text));
        expect(parse(text)).toEqual(JSON.parse(text));
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['', 'the answer is empty, but JSON was expected'],
    [' \r\n', 'the answer is empty, but JSON was expected'],
    ['<?xml version="1.0"?><error/>', 'the answer is not JSON (29 bytes)'],
    ['{"data":[{"id":', 'the answer is not JSON (15 bytes)'],
    ['OK', 'the answer is not JSON (2 bytes)'],
    ["{'id': 1}", 'the answer is not JSON (9 bytes)'],
    ['see <html>', 'the answer is not JSON (10 bytes)'],
  ])('of %j is an error that says what came instead', (text, fault) => {
    expect(() => parse(text)).toThrow(new ReportError('VendorContractError', `Vendor GET /list: ${fault}`));
  });

  it.each([
    ['<!DOCTYPE html><title>Sign in</title>', undefined],
    ['\n<html lang="en">', undefined],
    ['Down for maintenance', 'text/html; charset=utf-8'],
  ])('of a web page is an error that says so: %j %s', (text, type) => {
    expect(() => parse(text, type)).toThrow(
      new ReportError(
        'VendorContractError',
        'Vendor GET /list: a web page came instead of an API answer: perhaps that of a firewall, of maintenance or of a wrong address',
      ),
    );
    expect(parse('{"page":1}', 'text/html')).toEqual({ page: 1 });
  });

  it('is never quoted in the error, because it can contain anything', () => {
    expect(() => parse('password=hunter2')).not.toThrow(/hunter2/u);
  });

  it('is read in the character set that its type names, and refused in bytes that are none of it', () => {
    expect(parse('"Café"', 'application/json; charset=utf-8')).toBe('Café');
    expect(parse(Buffer.from('"Café"', 'latin1'), 'application/json; charset="ISO-8859-1"')).toBe('Café');
    expect(parse(Buffer.from('"é"', 'utf16le'), 'application/json; charset=utf-16le')).toBe('é');
    const unreadable = (charset: string) =>
      new ReportError('VendorContractError', `Vendor GET /list: the answer is not readable as ${charset} text`);
    expect(() => parse(Buffer.from('"Café"', 'latin1'))).toThrow(unreadable('utf-8'));
    expect(() => parse('"x"', 'application/json; charset=klingon')).toThrow(unreadable('klingon'));
  });

  it('may begin with a byte order mark', () => {
    expect(parse('\uFEFF{"id":1}')).toEqual({ id: 1 });
  });
});

describe('a shape', () => {
  const Shape = z.object({ rows: z.array(z.object({ id: z.int(), count: z.int() })) });
  const faults = (value: unknown): string => {
    try {
      conform(Shape, value, 'Vendor GET /list');
    } catch (error) {
      expect(error).toMatchObject({ name: 'VendorContractError' });
      return String(error);
    }
    return '';
  };

  it('that fits gives the members that were asked for', () => {
    expect(conform(Shape, { rows: [{ id: 1, count: 2, more: 3 }], page: 1 }, '')).toEqual({
      rows: [{ id: 1, count: 2 }],
    });
  });

  it('names the path of a missing member and the members beside it, never a value', () => {
    const message = faults({ rows: [{ id: 1, total: 'hunter2' }] });
    expect(message).toContain(
      'Vendor GET /list: rows.0.count: expected number, found nothing (fields seen: id, total)',
    );
    expect(message).not.toContain('hunter2');
  });

  it('names three faults and how many more there are', () => {
    const message = faults({ rows: Array.from({ length: 5 }, (_, id) => ({ id })) });
    expect(message.match(/rows\.\d\.count/gu)).toHaveLength(3);
    expect(message).toMatch(/rows\.0\.count: [^;]*; rows\.1\.count: [^;]*; rows\.2\.count: [^;]* \(and 2 more\)$/u);
    expect(faults({ rows: Array.from({ length: 3 }, (_, id) => ({ id })) })).toMatch(/fields seen: id\)$/u);
  });

  it.each([null, [], 'text', 3, undefined, {}])('is not that of %j', (value) => {
    expect(faults(value)).not.toBe('');
  });

  it('refuses a number that a double cannot hold exactly as a count', () => {
    expect(faults(parse('{"rows":[{"id":1,"count":9007199254740993}]}'))).toContain('rows.0.count');
  });

  it('is compared with the first rows of a long page, and then against all', () => {
    const good = Array.from({ length: 30 }, (_, id) => ({ id, count: 1 }));
    expect(conform(Shape, { rows: good }, '')).toEqual({ rows: good });
    expect(faults({ rows: good.map(() => ({})) })).toMatch(/rows\.0\.id.*\(and 37 more\)$/u);
    expect(faults({ rows: [...good, {}] })).toContain('rows.30.id');
  });

  it('refuses a text, a fraction and null as a count', () => {
    for (const count of ['3', 1.5, null, true]) expect(faults({ rows: [{ id: 1, count }] })).toContain('rows.0.count');
  });
});
