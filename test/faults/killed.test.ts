import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Execution } from '../../scripts/local/engine.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import { nameInRun } from '../sandbox/psa.ts';
import { type Death, killable } from './killable.ts';
import { type World, world } from './world.ts';

/*
 * The process ends at every call to the outside, between its effect and its answer, and the run is started again under
 * its id.
 */

const FILES = ['report.json', 'report.csv', 'unmapped.csv'];

const make = (vendors: readonly string[], psa?: string): Promise<World> =>
  world({ msp: demoMsp(6), vendors: (id) => vendors.includes(id), ...(psa === undefined ? {} : { psa }) });

/** Vendors count the requests of all runs within a minute; a run that met their limit would have other receipts. */
const quietMinute = (of: World): Promise<void> => of.platform.clock.sleep(61_000);

/** The report's files without the run's id: the same for every run of these vendors. */
const filesOf = async (of: World, run: string): Promise<(string | undefined)[]> =>
  Promise.all(FILES.map(async (name) => (await of.file(run, name))?.toString().replaceAll(run, 'RUN')));

const outputOf = (execution: Execution): unknown => (execution.status === 'succeeded' ? execution.output : execution);

async function deaths(of: World): Promise<{ reference: (string | undefined)[]; deaths: Death[] }> {
  const counting = killable(of.platform);
  expect((await of.run('clean-run', { platform: counting })).status).toBe('succeeded');
  // Killed before a call is the same as killed after the previous one: nothing with an effect happens in between.
  const after = Array.from({ length: counting.calls() }, (_, index): Death => ({ call: index + 1, when: 'after' }));
  return {
    reference: await filesOf(of, 'clean-run'),
    deaths: [{ call: 1, when: 'before' }, ...after],
  };
}

describe('a run that is killed and started again under its id', () => {
  let desk: World;
  let mail: World;
  beforeAll(async () => {
    desk = await make(['huntress', 'duo', 'pax8'], 'connectwise-psa');
    mail = await make(['huntress']);
  });
  afterAll(async () => {
    await desk.end();
    await mail.end();
  });

  it('ends with the same bytes, one ticket and one copy of each file, wherever it was killed', async () => {
    const all = await deaths(desk);
    expect(all.deaths.length).toBeGreaterThan(50);
    const tickets = () => desk.psas.flatMap((psa) => psa.tickets());
    for (const death of all.deaths) {
      const name = `killed-${death.when}-${death.call}`;
      const made = tickets().length;
      await quietMinute(desk);
      await desk.run(name, { platform: killable(desk.platform, death) });
      const kept = await filesOf(desk, name);
      await quietMinute(desk);
      const again = await desk.run(name);
      expect(outputOf(again), name).toMatchObject({ success: true, delivery: { status: 'delivered', attached: true } });
      expect(await filesOf(desk, name), name).toEqual(all.reference);
      for (const [index, file] of kept.entries()) if (file !== undefined) expect(file).toBe(all.reference[index]);
      const [ticket, ...others] = tickets().slice(made);
      expect(others, name).toEqual([]);
      expect(ticket?.attachments.map((file) => nameInRun(file.name)).sort(), name).toEqual([
        ...['reconciliation.csv', 'report.csv', 'report.xlsx', 'unmapped.csv'],
      ]);
      for (const { name: file, bytes } of ticket?.attachments ?? [])
        expect(
          Buffer.from(bytes).equals((await desk.file(name, nameInRun(file))) ?? Buffer.alloc(0)),
          `${name} ${file}`,
        ).toBe(true);
    }
  });

  it('ends with the same bytes and at most one mail, and reports if it cannot know whether it went out', async () => {
    const all = await deaths(mail);
    let unknown = 0;
    for (const death of all.deaths) {
      const name = `killed-${death.when}-${death.call}`;
      const sent = mail.sent.length;
      await quietMinute(mail);
      await mail.run(name, { platform: killable(mail.platform, death) });
      await quietMinute(mail);
      const again = await mail.run(name);
      expect(await filesOf(mail, name), name).toEqual(all.reference);
      const mails = mail.sent.length - sent;
      if (again.status === 'succeeded') {
        expect(again.output, name).toMatchObject({ success: true, delivery: { status: 'delivered' } });
        expect(mails, name).toBe(1);
      } else {
        unknown += 1;
        expect(again, name).toMatchObject({
          error: 'DeliveryError',
          cause: expect.stringContaining('not known whether'),
        });
        expect(mails, name).toBeLessThanOrEqual(1);
      }
    }
    // After the claim, and after the sending.
    expect(unknown).toBe(2);
  });
});

describe('two executions of one run at once', () => {
  /** Lets other work go first, for a number of turns that follows from the seed. */
  const hesitant = (seed: number) => {
    let state = seed;
    return async () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      for (let turns = (state >>> 16) % 6; turns > 0; turns -= 1) await new Promise(setImmediate);
    };
  };
  const seeds = Array.from({ length: 12 }, (_, index) => index + 1);
  const both = (of: World, seed: number) =>
    Promise.all(
      [seed, seed * 7919].map((each) =>
        of.run(`twice-${seed}`, { platform: killable(of.platform, undefined, hesitant(each)) }),
      ),
    );

  it('make one ticket with one copy of each file, and both report it', async () => {
    const of = await make(['huntress', 'duo', 'pax8'], 'connectwise-psa');
    for (const seed of seeds) {
      const made = of.psas.flatMap((psa) => psa.tickets()).length;
      const ended = await both(of, seed);
      const [ticket, ...others] = of.psas.flatMap((psa) => psa.tickets()).slice(made);
      expect(others, `seed ${seed}`).toEqual([]);
      expect(ticket?.attachments.map(({ name }) => nameInRun(name)).sort(), `seed ${seed}`).toEqual([
        ...['reconciliation.csv', 'report.csv', 'report.xlsx', 'unmapped.csv'],
      ]);
      for (const execution of ended)
        expect(outputOf(execution), `seed ${seed}`).toMatchObject({ delivery: { ticketId: ticket?.id } });
    }
    await of.end();
  });

  it('send one mail: one delivers it, the other reports the same or that it cannot know', async () => {
    const of = await make(['huntress']);
    for (const seed of seeds) {
      const sent = of.sent.length;
      const ended = await both(of, seed);
      expect(of.sent.length - sent, `seed ${seed}`).toBe(1);
      const delivered = ended.filter(({ status }) => status === 'succeeded');
      expect(delivered.length, `seed ${seed}`).toBeGreaterThanOrEqual(1);
      for (const execution of ended.filter(({ status }) => status === 'failed'))
        expect(execution, `seed ${seed}`).toMatchObject({ error: 'DeliveryError' });
    }
    await of.end();
  });
});
