import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DemoMsp } from './demo-msp.ts';
import type { SandboxResponse, SandboxVendor, Server, TicketServer } from './vendor.ts';

export type DemoConfiguration = {
  report: Record<string, unknown>;
  organizations: { organizations: Record<string, unknown>[] };
  /** Integration id -> what `secrets/<id>.json` holds. */
  secrets: Record<string, Record<string, unknown>>;
};

/** The PSA that the demo delivers to. */
const DELIVERS_TO = 'connectwise-psa';

/** What the demo MSP's engineer would have written into a configuration directory. */
export function demoConfiguration(
  msp: DemoMsp,
  vendors: readonly SandboxVendor[],
  psas: readonly TicketServer[],
): DemoConfiguration {
  const desk = psas.find(({ id }) => id === DELIVERS_TO);
  const installed = [...vendors, ...psas];
  return {
    report: {
      managingOrganization: msp.managing,
      integrations: Object.fromEntries(installed.map(({ id, configuration }) => [id, configuration])),
      delivery: {
        mechanism: desk === undefined ? 'return' : 'psa',
        ...(desk === undefined ? {} : { psa: { integration: desk.id, ticket: desk.ticket } }),
        email: { from: 'reports@northwind.example', recipients: ['billing@northwind.example'] },
      },
    },
    organizations: {
      organizations: [
        { ...msp.managing, enabled: true, integrationIds: claims(msp.managing.id, vendors) },
        ...msp.companies.map(({ id, name, enabled }) => ({ id, name, enabled, integrationIds: claims(id, vendors) })),
      ],
    },
    secrets: Object.fromEntries(installed.map(({ id, secret }) => [id, secret])),
  };
}

/** The ids by which a company claims its customers: one alone, several as a list. */
function claims(company: string, vendors: readonly SandboxVendor[]): Record<string, string | string[]> {
  const claimed: [string, string | string[]][] = [];
  for (const vendor of vendors) {
    const ids = vendor.customers
      .filter((customer) => customer.company === company || customer.alsoClaimedBy === company)
      .map(({ id }) => id);
    const [only] = ids;
    if (only !== undefined) claimed.push([vendor.id, ids.length === 1 ? only : ids]);
  }
  return Object.fromEntries(claimed);
}

/** Writes `report.json`, `organizations.json` and `secrets/` into `directory`, which is made if need be. */
export async function writeDemoConfiguration(directory: string, demo: DemoConfiguration): Promise<void> {
  await mkdir(join(directory, 'secrets'), { recursive: true });
  const write = (name: string, value: unknown) =>
    writeFile(join(directory, name), `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  await write('report.json', demo.report);
  await write('organizations.json', demo.organizations);
  for (const [id, secret] of Object.entries(demo.secrets)) await write(`secrets/${id}.json`, secret);
}

const UNAUTHORIZED: SandboxResponse = { status: 401, body: { error: 'unauthorized', message: 'Invalid credentials' } };

/** The same vendor, answering `how` to everything; without `how`, as if its credentials had been revoked. */
export function breakVendor<V extends Server>(vendor: V, how: SandboxResponse = UNAUTHORIZED): V {
  return { ...vendor, handle: () => how };
}
