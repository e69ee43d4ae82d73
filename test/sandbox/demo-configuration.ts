import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { demoBilling } from './demo-billing.ts';
import type { DemoMsp } from './demo-msp.ts';
import type { SandboxResponse, SandboxVendor, Server, TicketServer } from './vendor.ts';

export type DemoConfiguration = {
  report: Record<string, unknown>;
  organizations: { organizations: Record<string, unknown>[] };
  /** billing.json; absent if the PSA serves no agreements. */
  billing?: Record<string, unknown>;
  /** Integration id -> what `secrets/<id>.json` holds. */
  secrets: Record<string, Record<string, unknown>>;
};

/** The PSA that the demo delivers to. */
const DELIVERS_TO = 'connectwise-psa';

/** PSAs whose agreements the sandbox serves, with what their source in billing.json needs besides its name. */
const BILLS: Readonly<Record<string, Record<string, unknown>>> = {
  'connectwise-psa': {},
  'datto-psa': { currency: 'USD' },
  freshdesk: { experimental: true },
  halopsa: {},
  'kaseya-bms': { currency: 'USD' },
  ninjaone: { experimental: true, currency: 'USD' },
  servicenow: { experimental: true, currency: 'USD' },
  superops: { currency: 'USD' },
};

/** What the demo MSP's engineer would have written into a configuration directory. */
export function demoConfiguration(
  msp: DemoMsp,
  vendors: readonly SandboxVendor[],
  psas: readonly TicketServer[],
  { psa: chosen = DELIVERS_TO, now = Date.now() }: { psa?: string; now?: number } = {},
): DemoConfiguration {
  const desk = psas.find(({ id }) => id === chosen);
  const installed = [...vendors, ...psas];
  const ids = idsByCompany(vendors, psas);
  const members = desk === undefined ? undefined : BILLS[desk.id];
  const source = desk === undefined || members === undefined ? undefined : { integration: desk.id, ...members };
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
        { ...msp.managing, enabled: true, integrationIds: ids.get(msp.managing.id) ?? {} },
        ...msp.companies.map(({ id, name, enabled }) => ({
          id,
          name,
          enabled,
          integrationIds: ids.get(id) ?? {},
        })),
      ],
    },
    ...(source === undefined ? {} : { billing: demoBilling(msp, source, now) }),
    secrets: Object.fromEntries(installed.map(({ id, secret }) => [id, secret])),
  };
}

/** By company: the ids of its customers at every system, one alone, several as a list. */
function idsByCompany(
  vendors: readonly SandboxVendor[],
  psas: readonly TicketServer[],
): ReadonlyMap<string, Record<string, string | string[]>> {
  const ids = new Map<string, Record<string, string | string[]>>();
  const add = (system: string, id: string, company: string | undefined) => {
    if (company === undefined) return;
    const own = ids.get(company) ?? {};
    const before = own[system];
    own[system] = before === undefined ? id : [before, id].flat();
    ids.set(company, own);
  };
  for (const { id, customers } of vendors) {
    for (const customer of customers) {
      add(id, customer.id, customer.company);
      add(id, customer.id, customer.alsoClaimedBy);
    }
  }
  // A system that is both knows its customers by one id.
  for (const { id, customers } of psas.filter((psa) => !vendors.some((vendor) => vendor.id === psa.id))) {
    for (const customer of customers) add(id, customer.id, customer.company);
  }
  return ids;
}

/** Writes `report.json`, `organizations.json` and `secrets/` into `directory`, which is made if need be. */
export async function writeDemoConfiguration(directory: string, demo: DemoConfiguration): Promise<void> {
  await mkdir(join(directory, 'secrets'), { recursive: true });
  const write = (name: string, value: unknown) =>
    writeFile(join(directory, name), `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  await write('report.json', demo.report);
  await write('organizations.json', demo.organizations);
  if (demo.billing !== undefined) await write('billing.json', demo.billing);
  else await rm(join(directory, 'billing.json'), { force: true });
  for (const [id, secret] of Object.entries(demo.secrets)) await write(`secrets/${id}.json`, secret);
}

const UNAUTHORIZED: SandboxResponse = { status: 401, body: { error: 'unauthorized', message: 'Invalid credentials' } };

/** The same vendor, answering `how` to everything; without `how`, as if its credentials had been revoked. */
export function breakVendor<V extends Server>(vendor: V, how: SandboxResponse = UNAUTHORIZED): V {
  return { ...vendor, handle: () => how };
}
