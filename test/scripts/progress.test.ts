import { describe, expect, it } from 'vitest';
import { type Display, displayOn, linesOf } from '../../scripts/local/display.ts';
import { describeProgress, RunProgress } from '../../scripts/local/progress.ts';
import { answers, fails, runScripted } from '../statemachine/scripted.ts';

const NAMES = new Map([
  ['alpha', 'Alpha RMM'],
  ['beta', 'Beta'],
]);
const START = Date.UTC(2026, 10, 22);

/** What a run shows, from its own events. */
async function shown(
  script: Parameters<typeof runScripted>[0],
  integrations?: { id: string; reads: string; installed: boolean }[],
) {
  const progress = new RunProgress(NAMES, () => START);
  const { events } = await runScripted(script, integrations === undefined ? {} : { integrations });
  for (const event of events) progress.entered(event);
  return progress;
}

describe('what a run is doing', () => {
  it('is shown for installed integrations only', async () => {
    const progress = await shown({}, [
      { id: 'alpha', reads: 'counts', installed: true },
      { id: 'beta', reads: 'counts', installed: false },
    ]);
    expect(progress.integrations).toEqual([{ id: 'alpha', name: 'Alpha RMM', status: 'collected', customers: 3 }]);
    expect(progress.state).toBe('End');
  });

  it('includes why an integration failed', async () => {
    const progress = await shown({ 'collector-beta': [fails('VendorAuthError', 'the key was refused')] });
    expect(progress.integrations.map((each) => `${each.name}: ${describeProgress(each, START)}`)).toEqual([
      'Alpha RMM: collected, 3 customers',
      'Beta: failed: VendorAuthError: the key was refused',
    ]);
  });

  it('counts down a wait, and ends it when its time has come', async () => {
    const progress = await shown({});
    progress.onProgress({ kind: 'waiting', integration: 'alpha', seconds: 30, reason: 'Alpha limits the rate' });
    const [alpha] = progress.integrations;
    if (alpha === undefined) throw new Error('alpha is shown');
    expect(describeProgress(alpha, START + 5_000)).toBe('waiting 25 s (Alpha limits the rate)');
    expect(describeProgress(alpha, START + 30_000)).toBe('collecting, 3 customers so far');
  });

  it('shows how many customers were read so far', async () => {
    const progress = await shown({});
    progress.onProgress({ kind: 'customers', integration: 'alpha', customers: 1 });
    progress.onProgress({ kind: 'customers', integration: 'nobody', customers: 8 });
    expect(progress.integrations.map((each) => describeProgress(each, START))).toContain(
      'collecting, 1 customer so far',
    );
  });

  it('learns of a pause from the state machine', async () => {
    const paused = answers({ status: 'paused', key: 'k', waitSeconds: 40, customers: 9 });
    const { events } = await runScripted({
      'collector-alpha': [paused, answers({ status: 'partial', key: 'k', waitSeconds: 0, customers: 12 })],
    });
    const progress = new RunProgress(NAMES, () => START);
    const seen = events.flatMap((event) => {
      const line = progress.entered(event);
      return line?.id === 'alpha' ? [describeProgress(line, START)] : [];
    });
    expect(seen).toEqual([
      'collecting',
      'waiting 40 s (to continue later)',
      'collecting',
      'partly collected, 12 customers',
    ]);
  });
});

describe('the display', () => {
  const written = (
    isTTY: boolean,
    quiet: boolean,
    act: (display: Display, progress: RunProgress) => void,
    progress: RunProgress,
  ) => {
    let text = '';
    const screen = { isTTY, columns: 60, rows: 10, write: (part: string) => (text += part) };
    const display = displayOn(screen, progress, () => START, quiet);
    act(display, progress);
    display.end();
    return text;
  };
  const tellAll = (display: Display, progress: RunProgress) => {
    for (const integration of progress.integrations) display.changed(integration);
  };

  it('writes one line per finished integration if it cannot redraw', async () => {
    const progress = await shown({});
    progress.onProgress({ kind: 'customers', integration: 'beta', customers: 1 });
    expect(written(false, false, tellAll, progress)).toBe('Alpha RMM: collected, 3 customers\n');
  });

  it('writes nothing with --quiet', async () => {
    expect(written(true, true, tellAll, await shown({}))).toBe('');
  });

  it('redraws on a terminal', async () => {
    const text = written(true, false, tellAll, await shown({}));
    expect(text).toContain('✓ Alpha RMM  collected, 3 customers\n');
    expect(text).toContain('✓ Beta       collected, 3 customers\n');
  });

  it('keeps every line inside the terminal, and control characters out', async () => {
    const message = `bad \u001b[31m\n${'long '.repeat(50)}`;
    const progress = await shown({ 'collector-alpha': [fails('VendorContractError', message)] });
    const lines = linesOf(progress, START, { columns: 40, rows: 3 });
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      expect(line.length).toBeLessThan(40);
      expect(line).not.toMatch(/\p{Cc}/u);
    }
  });
});
