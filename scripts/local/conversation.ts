import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';

/** Questions to a person, one after the other. */
export type Conversation = {
  say(text: string): void;
  /** The trimmed answer; undefined once the person has left (Ctrl-C, Ctrl-D, end of input). */
  ask(question: string): Promise<string | undefined>;
  end(): void;
};

/** A conversation over two streams. Lines that come before their question are kept for it. */
export function converse(input: Readable, output: Writable): Conversation {
  const lines: string[] = [];
  let waiting: ((line: string | undefined) => void) | undefined;
  let hasLeft = false;
  const reader = createInterface({ input, output });
  const answer = (line: string | undefined) => {
    const resolve = waiting;
    waiting = undefined;
    resolve?.(line);
  };
  reader.on('line', (line) => {
    if (waiting === undefined) lines.push(line.trim());
    else answer(line.trim());
  });
  reader.on('SIGINT', () => reader.close());
  reader.on('close', () => {
    hasLeft = true;
    answer(undefined);
  });
  return {
    say: (text) => {
      output.write(`${text}\n`);
    },
    ask: (question) => {
      const early = lines.shift();
      if (early !== undefined || hasLeft) {
        output.write(`${question}${early ?? ''}\n`);
        return Promise.resolve(early);
      }
      reader.setPrompt(question);
      reader.prompt();
      return new Promise((resolve) => {
        waiting = resolve;
      });
    },
    end: () => reader.close(),
  };
}
