import { describeProgress, type IntegrationProgress, isFinal, type RunProgress } from './progress.ts';

/** Where progress is written: stderr, or a test's substitute. */
export type Screen = { isTTY?: boolean; columns?: number; rows?: number; write(text: string): unknown };

/** Shows a run's progress until `end` is called. */
export type Display = { changed(integration?: IntegrationProgress): void; end(): void };

const REDRAW_MILLISECONDS = 100;
const ESCAPE = '\u001b[';

const MARKS = { collecting: '·', waiting: '…', collected: '✓', partial: '!', failed: '✗' } as const;

/**
 * A terminal gets one line per integration, redrawn; anything else one line for each that is finished; `quiet` gets
 * nothing.
 */
export function displayOn(screen: Screen, progress: RunProgress, now: () => number, quiet: boolean): Display {
  if (quiet) return { changed: () => undefined, end: () => undefined };
  return screen.isTTY === true ? redrawn(screen, progress, now) : listed(screen, now);
}

function listed(screen: Screen, now: () => number): Display {
  return {
    changed: (integration) => {
      if (integration === undefined || !isFinal(integration)) return;
      screen.write(`${integration.name}: ${describeProgress(integration, now()).replace(/\p{Cc}+/gu, ' ')}\n`);
    },
    end: () => undefined,
  };
}

function redrawn(screen: Screen, progress: RunProgress, now: () => number): Display {
  let height = 0;
  const draw = () => {
    const lines = linesOf(progress, now(), screen);
    const up = height === 0 ? '' : `${ESCAPE}${height}A`;
    screen.write(`${up}\r${ESCAPE}J${lines.map((line) => `${line}\n`).join('')}`);
    height = lines.length;
  };
  const timer = setInterval(draw, REDRAW_MILLISECONDS);
  return {
    changed: () => undefined,
    end: () => {
      clearInterval(timer);
      draw();
      screen.write('\n');
    },
  };
}

/** The whole display, within the terminal's width and height: a wrapped line cannot be redrawn. */
export function linesOf(
  progress: RunProgress,
  now: number,
  { columns = 80, rows = 24 }: Pick<Screen, 'columns' | 'rows'>,
): string[] {
  const { integrations } = progress;
  const width = Math.max(0, ...integrations.map(({ name }) => name.length));
  const lines = integrations.map(
    (integration) =>
      `${MARKS[integration.status]} ${integration.name.padEnd(width)}  ${describeProgress(integration, now)}`,
  );
  return [...lines, `  ${progress.state}`].slice(-Math.max(1, rows - 1)).map((line) => shorten(line, columns - 1));
}

/** Vendors' words can contain line breaks and control characters, which would act on a terminal. */
function shorten(line: string, columns: number): string {
  const plain = line.replace(/\p{Cc}+/gu, ' ');
  return plain.length <= columns ? plain : `${plain.slice(0, Math.max(0, columns - 1))}…`;
}
