import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { converse } from '../../scripts/local/conversation.ts';

function terminal() {
  const input = new PassThrough();
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
  return { input, output, talk: converse(input, output) };
}

describe('a conversation', () => {
  it('answers each question with one trimmed line', async () => {
    const { input, talk } = terminal();
    const first = talk.ask('name? ');
    input.write('  Contoso \n');
    expect(await first).toBe('Contoso');
    input.write('early\n');
    await new Promise(setImmediate);
    expect(await talk.ask('and? ')).toBe('early');
    talk.end();
  });

  it.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('ends with %s: the present question and every later one have no answer', async (_, key) => {
    const { input, talk } = terminal();
    const asked = talk.ask('name? ');
    input.write(key);
    expect(await asked).toBeUndefined();
    expect(await talk.ask('again? ')).toBeUndefined();
  });

  it('with lines from a file goes on to the end', async () => {
    const input = new PassThrough();
    input.end('one\ntwo');
    const talk = converse(input, new PassThrough());
    expect([await talk.ask('?'), await talk.ask('?'), await talk.ask('?')]).toEqual(['one', 'two', undefined]);
  });
});
