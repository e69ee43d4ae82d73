import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inChunks } from '../../lambdas/platform/in-chunks.ts';

const MEGABYTE = 1 << 20;

const bytesOf = (texts: readonly string[]): Buffer => Buffer.concat([...inChunks(texts)]);

it('the chunks are the bytes of all texts', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' })), (texts) => {
      expect(bytesOf(texts)).toEqual(Buffer.from(texts.join('')));
    }),
  );
});

it.each(['a', 'é', '漢', '🙂'])('a text of many "%s" that is larger than a chunk stays whole', (letter) => {
  const texts = ['before', letter.repeat(MEGABYTE), 'behind'];
  expect(bytesOf(texts).equals(Buffer.from(texts.join('')))).toBe(true);
});

it('many texts share a chunk, and none is held when all are written', () => {
  const chunks = [...inChunks(Array.from({ length: 5000 }, () => 'x'.repeat(1000)))];
  expect(chunks.length).toBeLessThan(10);
  for (const chunk of chunks) expect(chunk.length).toBeLessThanOrEqual(MEGABYTE);
});
