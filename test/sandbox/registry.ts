import { readdir } from 'node:fs/promises';
import type { DemoMsp } from './demo-msp.ts';
import type { SandboxVendor, TicketServer, VendorFactory } from './vendor.ts';

/** The demo MSP's vendors, in order of their ids: every file of `vendor-apis/`. */
export async function loadVendors(msp: DemoMsp, now?: () => number): Promise<SandboxVendor[]> {
  const factories = await factoriesIn<VendorFactory>('vendor-apis');
  return byId(factories.map((make) => make(msp, now)));
}

/** The PSAs, in order of their ids: every file of `psa-apis/`. */
export async function loadPsas<P extends TicketServer = TicketServer>(msp: DemoMsp, now?: () => number): Promise<P[]> {
  const factories = await factoriesIn<(msp: DemoMsp, now?: () => number) => P>('psa-apis');
  return byId(factories.map((make) => make(msp, now)));
}

async function factoriesIn<F>(folder: string): Promise<F[]> {
  const directory = new URL(`${folder}/`, import.meta.url);
  const names = (await readdir(directory)).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  return Promise.all(
    names.map(async (name) => {
      const loaded: { default?: unknown } = await import(new URL(name, directory).href);
      if (typeof loaded.default !== 'function') throw new Error(`${folder}/${name} has no factory as default export`);
      // What a folder holds is known only when it is listed; the type of its files is the folder's rule.
      return loaded.default as F;
    }),
  );
}

const byId = <T extends { id: string }>(servers: T[]): T[] => servers.sort((a, b) => (a.id < b.id ? -1 : 1));
