import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoMsp } from '../sandbox/demo-msp.ts';
import { loadPsas, loadVendors } from '../sandbox/registry.ts';
import { type RunningSandbox, startSandbox } from '../sandbox/server.ts';
import type { SandboxVendor } from '../sandbox/vendor.ts';
import { read } from './client.ts';
import { prepare } from './prepare.ts';
import { startTlsFront, type TlsFront } from './tls-front.ts';

/*
 * Clients that others wrote for the real APIs read the whole of the sandbox and find its truth. Each runs as it was
 * published, at the hosts that it knows, over TLS: a sandbox that is stricter than the real one, or laxer, shows here.
 */

const HOSTS = [
  ...['api.huntress.io', '*.duosecurity.com', 'eu.ninjarmm.com', 'api.eu.itglue.com', 'northwind.hostedrmm.com'],
  ...['api-na.myconnectwise.net', 'northwind.service-now.com', 'northwind.halopsa.com'],
];

const msp = demoMsp();
const [vendors, psas] = await Promise.all([loadVendors(msp), loadPsas(msp)]);
let folder: string;
let sandbox: RunningSandbox;
let front: TlsFront;

beforeAll(async () => {
  const reason = prepare();
  if (reason !== undefined) throw new Error(`the clients cannot be run here: ${reason}`);
  folder = await mkdtemp(join(tmpdir(), 'clients-'));
  sandbox = await startSandbox([...vendors, ...psas]);
  front = await startTlsFront(folder, HOSTS, Number(sandbox.url.port));
});

afterAll(async () => {
  await front?.stop();
  await sandbox?.stop();
  if (folder !== undefined) await rm(folder, { recursive: true });
});

const serverOf = <S extends { id: string }>(servers: readonly S[], id: string): S => {
  const server = servers.find((candidate) => candidate.id === id);
  if (server === undefined) throw new Error(`the sandbox has no ${id}`);
  return server;
};
const readAll = (reader: string, { secret }: { secret: object }) =>
  read(reader, secret, front, Number(sandbox.url.port));

/** What a client that reads these columns must find: every customer that is counted, zeros written out. */
function truthOf({ customers }: SandboxVendor, columns: readonly string[], missing?: 0): Record<string, object> {
  return Object.fromEntries(
    customers
      .filter(({ state }) => state === 'counted')
      .map(({ id, cells }) => [
        id,
        Object.fromEntries(
          columns
            .map((column) => [column, cells[column] ?? missing] as const)
            .filter(([, value]) => value !== undefined),
        ),
      ]),
  );
}

const AGENTS = ['Workstations', 'Servers', 'Unclassified'].map((kind) => `ConnectWise Automate ${kind}`);
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

describe('vendors', () => {
  it('pyhuntress reads every organization', async () => {
    const huntress = serverOf(vendors, 'huntress');
    const columns = ['Huntress EDR Agents', 'Huntress SAT Learners', 'Huntress SIEM Sources'];
    expect(await readAll('huntress.py', huntress)).toEqual(truthOf(huntress, columns, 0));
  });

  it("Duo's own client reads users and edition of every child account that lets it in", async () => {
    const duo = serverOf(vendors, 'duo');
    expect(await readAll('duo.py', duo)).toEqual(truthOf(duo, ['Duo Users', 'Duo Edition']));
  });

  it('ninjapy reads every device', async () => {
    const ninjaone = serverOf(vendors, 'ninjaone');
    expect(await readAll('ninjaone.py', ninjaone)).toEqual(truthOf(ninjaone, ['NinjaOne Servers'], 0));
  });

  it('py-itglue reads every user and organization', async () => {
    const itGlue = serverOf(vendors, 'it-glue');
    expect(await readAll('it-glue.py', itGlue)).toEqual(truthOf(itGlue, ['MyGlue Users'], 0));
  });

  it.each([
    ['pyconnectwise', 'connectwise-automate.py'],
    ['connectwise-rest', 'connectwise-automate.mjs'],
  ])('%s reads every agent of ConnectWise Automate', async (_, reader) => {
    const automate = serverOf(vendors, 'connectwise-automate');
    const truth = Object.entries(truthOf(automate, AGENTS, 0)).map(([id, cells]) => [id, sum(Object.values(cells))]);
    expect(await readAll(reader, automate)).toEqual(Object.fromEntries(truth));
  });
});

describe('PSAs', () => {
  const names = (listed: unknown): string[] => Object.values(Object(listed)).map(String).sort();
  const everyCompany = msp.companies.map(({ name }) => name);

  it.each([
    ['pyconnectwise', 'connectwise-psa.py', 'connectwise-psa'],
    ['connectwise-rest', 'connectwise-psa.mjs', 'connectwise-psa'],
    ['pysnc', 'servicenow.py', 'servicenow'],
    ['HaloPSA', 'halopsa.py', 'halopsa'],
  ])('%s reads every company', async (_, reader, id) => {
    const listed = names(await readAll(reader, serverOf(psas, id)));
    expect(listed).toEqual(expect.arrayContaining(everyCompany));
  });
});
