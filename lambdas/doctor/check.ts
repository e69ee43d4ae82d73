import * as z from 'zod/mini';
import { Email, Ticket } from '../configuration/delivery.ts';

const Settings = z.record(z.string(), z.unknown());

/**
 * An integration's field of report.json. Of credentials in it only the name is passed; they are read where they are
 * stored.
 */
const settingsFields = { configuration: Settings, misplaced: z.array(z.string()) };

/** IANA name; null for the platform's default. */
const timeZone = z.nullable(z.string());

/** Checks a vendor that a run would count from. */
export const CountsCheck = z.strictObject({ ...settingsFields, timeZone });

/** Checks the PSA that the report is delivered to. `ticket` is null if no ticket is due and none is configured. */
export const TicketsCheck = z.strictObject({
  ...settingsFields,
  ticket: z.nullable(z.extend(Ticket, { companyId: z.union([z.string(), z.number()]) })),
  managingOrganization: z.strictObject({ id: z.string(), name: z.string() }),
  timeZone,
});

/**
 * Checks a PSA that billing.json reads from; `options` are those of its source there, `create` tells how to get a key.
 */
export const BilledCheck = z.strictObject({
  ...settingsFields,
  options: Settings,
  create: z.string(),
});

/** Checks a service that sends the mail. */
export const MailCheck = z.strictObject({
  service: z.enum(['microsoft-365', 'smtp']),
  email: Email,
  microsoft365: z.strictObject(settingsFields),
});

export type CountsCheck = z.output<typeof CountsCheck>;
export type TicketsCheck = z.output<typeof TicketsCheck>;
export type BilledCheck = z.output<typeof BilledCheck>;
export type MailCheck = z.output<typeof MailCheck>;
