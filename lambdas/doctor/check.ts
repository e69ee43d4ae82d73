import * as z from 'zod/mini';
import { Email, Ticket } from '../configuration/delivery.ts';

const Settings = z.record(z.string(), z.unknown());

/** An integration's member of report.json. Credentials in it are named alone, and read where they are. */
const own = { configuration: Settings, misplaced: z.array(z.string()) };

/** IANA name; null for that of the platform. */
const timeZone = z.nullable(z.string());

/** To look at a vendor as a run would count from it. */
export const CountsCheck = z.strictObject({ ...own, timeZone });

/** To look at the PSA that the report is delivered to. `ticket` is null where none is due and nobody said whose it would be. */
export const TicketsCheck = z.strictObject({
  ...own,
  ticket: z.nullable(z.extend(Ticket, { companyId: z.union([z.string(), z.number()]) })),
  managingOrganization: z.strictObject({ id: z.string(), name: z.string() }),
  timeZone,
});

/** To look at a PSA that billing.json reads from; `options` are those of its source there, `create` says how to get a key. */
export const BilledCheck = z.strictObject({
  ...own,
  options: Settings,
  create: z.string(),
});

/** To look at a service that mail leaves by. */
export const MailCheck = z.strictObject({
  service: z.enum(['microsoft-365', 'smtp']),
  email: Email,
  microsoft365: z.strictObject(own),
});

export type CountsCheck = z.output<typeof CountsCheck>;
export type TicketsCheck = z.output<typeof TicketsCheck>;
export type BilledCheck = z.output<typeof BilledCheck>;
export type MailCheck = z.output<typeof MailCheck>;
