import type { Client } from '../../clientele.ts';
import type { DemoMsp } from '../../demo-msp.ts';
import { idleSeats, yearlySeats } from '../../terms.ts';

/** A SKU; `name` is Microsoft's product name, or the part number where Microsoft has published none. */
export type Sku = { id: string; part: string; name: string; appliesTo?: 'Company'; free?: true };

export type Subscription = {
  id: string;
  status: 'Enabled' | 'Warning' | 'Suspended' | 'Deleted';
  trial: boolean;
  seats: number;
  unlisted?: boolean;
};

/** What a tenant owns of one SKU, and how much of it is assigned to users. */
export type Licence = { sku: Sku; subscriptions: Subscription[]; consumed: number };

const SKUS = {
  premium: { id: 'cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46', part: 'SPB', name: 'Microsoft 365 Business Premium' },
  standard: {
    id: 'f245ecc8-75af-4f8e-b61f-27d8114de5f3',
    part: 'O365_BUSINESS_PREMIUM',
    name: 'Microsoft 365 Business Standard',
  },
  basic: {
    id: '3b555118-da6a-4418-894f-7df1e2096870',
    part: 'O365_BUSINESS_ESSENTIALS',
    name: 'Microsoft 365 Business Basic',
  },
  m365e3: { id: '05e9a617-0261-4cee-bb44-138d3ef5d965', part: 'SPE_E3', name: 'Microsoft 365 E3' },
  o365e3: { id: '6fd2c87f-b296-42f0-b197-1e91e994b900', part: 'ENTERPRISEPACK', name: 'Office 365 E3' },
  exchange: {
    id: '4b9405b0-7788-4568-add1-99614e613b69',
    part: 'EXCHANGESTANDARD',
    name: 'Exchange Online (Plan 1)',
  },
  kiosk: { id: '80b2d799-d2ba-4d2a-8842-fb0d0f3a4b82', part: 'EXCHANGEDESKLESS', name: 'Exchange Online Kiosk' },
  credits: {
    id: '47794cd0-f0e5-45c5-9033-2eb6b5fc84e0',
    part: 'MCOPSTNC',
    name: 'Communications Credits',
  },
  newest: {
    id: '7c0ffee0-1a2b-4c3d-8e4f-5a6b7c8d9e0f',
    part: 'AGENT_WORKFLOWS_ADDON',
    name: 'AGENT_WORKFLOWS_ADDON',
  },
  capacity: {
    id: 'e612d426-6bc3-4181-9658-91aa906b0ac0',
    part: 'CDS_DB_CAPACITY',
    name: 'Dataverse Database Capacity',
    appliesTo: 'Company',
  },
  flow: { id: 'f30db892-07e9-47e9-837c-80727f46fd3d', part: 'FLOW_FREE', name: 'Power Automate Free', free: true },
  viral: { id: 'dcb1a3ae-b33f-4487-846a-a640262fadf4', part: 'POWERAPPS_VIRAL', name: 'Power Apps Trial', free: true },
  exploratory: {
    id: '710779e8-3d4a-4c88-adb9-386c958d1fdf',
    part: 'TEAMS_EXPLORATORY',
    name: 'Teams Exploratory',
    free: true,
  },
} as const satisfies Record<string, Sku>;

/** Units by state, as `subscribedSkus` adds them up: trials and purchases together. */
export function prepaid({ subscriptions }: Licence): { enabled: number; warning: number; suspended: number } {
  const units = (wanted: Subscription['status']) =>
    subscriptions.filter(({ status }) => status === wanted).reduce((sum, { seats }) => sum + seats, 0);
  return { enabled: units('Enabled'), warning: units('Warning'), suspended: units('Suspended') };
}

/** Seats that somebody pays for: no trials, and nothing that has ended. */
export function seatsPaid({ subscriptions }: Licence): number {
  let seats = 0;
  for (const subscription of subscriptions) {
    const live = subscription.status === 'Enabled' || subscription.status === 'Warning';
    if (live && !subscription.trial) seats += subscription.seats;
  }
  return seats;
}

/** `atPax8`: its Business Premium was bought there, and so Pax8 and Microsoft show one subscription. */
export function licencesOf(msp: DemoMsp, client: Client, atPax8: boolean): Licence[] {
  const { draw, guid } = msp;
  const { key, fleet } = client;
  const { users, sharedMailboxes } = fleet;
  const chance = (percent: number, what: string) => draw(100, 'microsoft-365', key, what) < percent;
  // A tenant has one row a SKU, whatever it bought when.
  const licences = new Map<string, Licence>();
  const buy = (
    sku: Sku,
    consumed: number,
    ...bought: [seats: number, status?: Subscription['status'], trial?: boolean][]
  ) => {
    const licence = licences.get(sku.id) ?? { sku, subscriptions: [], consumed: 0 };
    licences.set(sku.id, licence);
    licence.consumed += consumed;
    for (const [seats, status = 'Enabled', trial = false] of bought) {
      const id = guid('companySubscription', key, sku.part, licence.subscriptions.length);
      licence.subscriptions.push({ id, status, trial, seats });
    }
  };

  const yearly = yearlySeats(msp, client);
  const premium = atPax8 ? Math.max(1, yearly.used - idleSeats(msp, client)) : Math.ceil(users * 0.6);
  const bought = atPax8 ? yearly.seats : premium + 1;
  // The same SKU bought twice, and tried out besides: one row of subscribedSkus for all three.
  if (chance(30, 'premium trial')) buy(SKUS.premium, premium, [bought], [2], [25, 'Enabled', true]);
  else buy(SKUS.premium, premium, [bought]);
  if (chance(60, 'basic')) buy(SKUS.basic, users - premium, [users - premium + 1]);
  // Expired and inside its days of grace: more is assigned than is enabled.
  if (chance(25, 'standard')) buy(SKUS.standard, 6, [4], [3, 'Warning']);
  if (chance(20, 'exchange')) buy(SKUS.exchange, sharedMailboxes, [sharedMailboxes + 1], [5, 'Suspended']);
  if (chance(15, 'e3')) buy(SKUS.o365e3, 3, [3]);
  if (chance(10, 'm365 e3')) buy(SKUS.m365e3, 2, [2]);
  if (chance(10, 'newest')) buy(SKUS.newest, 1, [2]);
  if (chance(15, 'trial alone')) buy(SKUS.m365e3, 0, [25, 'Enabled', true]);
  // Tried out and used, and nobody pays for it.
  if (chance(10, 'trial in use')) buy(SKUS.kiosk, 3, [25, 'Enabled', true]);
  // Paid consumption that looks like a free plan by its size.
  if (chance(10, 'credits')) buy(SKUS.credits, 1, [10_000]);
  if (chance(15, 'suspended')) buy(SKUS.standard, 2, [9, 'Suspended']);
  if (chance(10, 'capacity')) buy(SKUS.capacity, 0, [1]);
  if (chance(50, 'flow')) buy(SKUS.flow, 4, [10_000]);
  if (chance(30, 'viral')) buy(SKUS.viral, 1, [10_000]);
  if (chance(10, 'exploratory')) buy(SKUS.exploratory, 2, [100, 'Enabled', true]);
  return [...licences.values()];
}
