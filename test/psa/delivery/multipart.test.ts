import fc from 'fast-check';
import { expect, test } from 'vitest';
import { multipart } from '../../../lambdas/psa/delivery/multipart.ts';
import { formParts } from '../../sandbox/psa.ts';

const read = (parts: Parameters<typeof multipart>[0]) => {
  const { bytes, headers } = multipart(parts);
  return formParts(headers['content-type'], bytes);
};

test('whatever the bytes, a form is read back as it was written', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc
      .constantFrom('\r\n--', '--\r\n', '\r\n\r\n', '--billing-count-')
      .map((text) => Uint8Array.from(Buffer.from(text))),
  );
  fc.assert(
    fc.property(bytes, fc.string(), (content, value) => {
      const parts = read([
        { name: 'value', value },
        { name: 'file', file: { name: 'a.csv', bytes: content, contentType: 'text/csv' } },
      ]);
      expect(parts?.map(({ name }) => name)).toEqual(['value', 'file']);
      expect(Buffer.from(parts?.[0]?.bytes ?? []).equals(Buffer.from(value))).toBe(true);
      expect(Buffer.from(parts?.[1]?.bytes ?? [1]).equals(content)).toBe(true);
    }),
  );
});

test('no file name and no type ends its header or begins another', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (name, contentType) => {
      const hostile = `${name}"\r\nX-Evil: 1\r\n\r\nbody`;
      const parts = read([
        { name: 'file', file: { name: hostile, bytes: Buffer.from('x'), contentType: `${contentType}\r\nX-Evil: 1` } },
      ]);
      expect(parts).toHaveLength(1);
      expect(Buffer.from(parts?.[0]?.bytes ?? []).toString()).toBe('x');
    }),
  );
});

test('the same parts give the same bytes', () => {
  const parts = [
    { name: 'a', value: 'ä' },
    { name: 'b', value: '{}', contentType: 'application/json' },
  ];
  expect(multipart(parts)).toEqual(multipart(parts));
  expect(Buffer.from(multipart(parts).bytes).toString()).toContain(
    'name="b"\r\nContent-Type: application/json\r\n\r\n{}',
  );
});
