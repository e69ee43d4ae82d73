import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { directoryPlatform } from '../../lambdas/platform/directory.ts';
import type { Letter, Platform, Progress } from '../../lambdas/platform/platform.ts';
import { loadRegistry } from '../../lambdas/registry.ts';
import { type EngineEvent, type Execution, execute } from '../../scripts/local/engine.ts';
import { stepsOf } from '../../scripts/local/steps.ts';
import { loadDefinition } from '../../statemachine/definition.ts';
import { type DemoConfiguration, demoConfiguration, writeDemoConfiguration } from '../sandbox/demo-configuration.ts';
import type { DemoMsp } from '../sandbox/demo-msp.ts';
import type { SandboxPsa } from '../sandbox/psa.ts';
import { loadPsas, loadVendors } from '../sandbox/registry.ts';
import { inProcess } from '../sandbox/transport.ts';
import type { SandboxVendor, Server } from '../sandbox/vendor.ts';
import { startedAt } from '../started-at.ts';
import { virtualClock } from '../virtual-clock.ts';

const registry = await loadRegistry();
const definition = loadDefinition();

/** Every run starts at the same moment, so that equal runs give equal bytes. */
const timed = startedAt('2026-11-22T06:30:00.000Z', stepsOf(registry));

/** Everything around one installation: its files, vendors and PSAs, and what it sent. */
export type World = {
  config: string;
  out: string;
  vendors: SandboxVendor[];
  psas: SandboxPsa[];
  /** Mails that went out. */
  sent: Letter[];
  events: Progress[];
  platform: Platform;
  run(name: string, options?: RunOptions): Promise<Execution>;
  file(run: string, name: string): Promise<Buffer | undefined>;
  /** Every file of the run's folder, by its path. */
  files(run: string): Promise<Map<string, Buffer>>;
  end(): Promise<void>;
};

export type RunOptions = { platform?: Platform; input?: object; onEvent?: (event: EngineEvent) => void };

export type WorldOptions = {
  msp: DemoMsp;
  vendors: (id: string) => boolean;
  /** The PSA that gets the ticket; without one, `email`. */
  psa?: string;
  configure?: (demo: DemoConfiguration) => DemoConfiguration;
  wrap?: <S extends Server>(server: S) => S;
};

export async function world({ msp, vendors: wanted, psa, configure, wrap }: WorldOptions): Promise<World> {
  const root = await mkdtemp(join(tmpdir(), 'faults-'));
  const [config, out] = [join(root, 'config'), join(root, 'out')];
  const clock = virtualClock();
  const whole = (await loadVendors(msp, clock.now)).filter(({ id }) => wanted(id));
  const desks = (await loadPsas<SandboxPsa>(msp, clock.now)).filter(({ id }) => psa === undefined || id === psa);
  const demo = demoConfiguration(msp, whole, desks);
  const [desk] = desks;
  demo.report.delivery = {
    mechanism: psa === undefined ? 'email' : 'psa',
    ...(psa === undefined || desk === undefined ? {} : { psa: { integration: desk.id, ticket: desk.ticket } }),
    email: { from: 'reports@northwind.example', recipients: ['billing@northwind.example'] },
  };
  await writeDemoConfiguration(config, configure?.(demo) ?? demo);
  const [vendors, psas] = [whole, desks];
  const servers = [...vendors, ...psas].map((server) => wrap?.(server) ?? server);
  const sent: Letter[] = [];
  const events: Progress[] = [];
  const platform = directoryPlatform({
    config,
    out,
    clock,
    random: () => 0.5,
    transport: inProcess(servers),
    progress: (event) => events.push(event),
    mail: {
      async send(letter) {
        sent.push(letter);
        return { messageId: `mail-${sent.length}` };
      },
    },
  });
  const file = (run: string, name: string) => readFile(join(out, run, name)).catch(() => undefined);
  return {
    config,
    out,
    vendors,
    psas,
    sent,
    events,
    platform,
    file,
    run: (name, options = {}) =>
      execute({
        definition,
        steps: timed,
        platform: options.platform ?? platform,
        name,
        input: { runId: name, ...options.input },
        pace: 'immediate',
        ...(options.onEvent === undefined ? {} : { onEvent: options.onEvent }),
      }),
    async files(run) {
      const contents = new Map<string, Buffer>();
      for (const entry of await readdir(join(out, run), { recursive: true, withFileTypes: true })) {
        const path = join(entry.parentPath, entry.name);
        if (entry.isFile()) contents.set(path, await readFile(path));
      }
      return contents;
    },
    end: () => rm(root, { recursive: true, force: true }),
  };
}
