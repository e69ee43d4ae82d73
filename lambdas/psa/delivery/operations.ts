import type { Session } from '../../wire/session.ts';
import type { DeliveryFile, TicketMembers, TicketOrder } from './order.ts';

/** A file on a ticket. `size` is in bytes, absent where the PSA does not report it. */
export type Attached = { name: string; size?: number | undefined };

/** A customer company as the PSA lists it. `domains`: its mail domains and web address, where the list has them. */
export type PsaCompany = { id: string; name: string; domains?: readonly string[] };

/** A look-up that proves nothing: what was looked for may be there all the same, so it must not be made again. */
export const CANNOT_TELL = Symbol('cannot tell');

/** What every PSA can do for us, each in its own API's words. */
export type PsaOperations = {
  /**
   * The id of the company that a ticket is for: one text, however report.json spells it, for the run's ticket is known by it.
   * Errors: `DeliveryError` for what cannot be one.
   */
  companyOf(ticket: TicketMembers): string | Promise<string>;
  /** The id of the oldest ticket that carries the order's run key; undefined when there is certainly none. */
  find(order: TicketOrder): Promise<string | undefined | typeof CANNOT_TELL>;
  /** True when the PSA says that it has no such ticket (any more). */
  isGone(ticketId: string): Promise<boolean>;
  /**
   * Looks up all that the create call needs (names become ids) and returns the act itself, which resolves to the ticket's id.
   * Only the act changes anything that people see; files that go along may be uploaded before. Errors: `DeliveryError` where board, status, type, priority or company cannot be used.
   */
  prepare(order: TicketOrder): Promise<() => Promise<string>>;
  /** The ticket's attachments, all of them. `created`: this run made the ticket, with its files where the PSA carries them. */
  attachments(ticketId: string, created?: boolean): Promise<readonly Attached[] | typeof CANNOT_TELL>;
  /** Uploads one file. */
  attach(ticketId: string, file: DeliveryFile): Promise<void>;
  /** Where a person opens the ticket. */
  link(ticketId: string): string | Promise<string>;
  /** The active customer companies. */
  companies(): AsyncIterable<PsaCompany>;
};

/** An opened PSA: its settings were read, nothing was sent yet. */
export type OpenPsa = PsaOperations & {
  name: string;
  /** Which instance of the PSA this is. */
  address: string;
  attachmentLimit: number;
  carriesFiles?: boolean;
  settleSeconds: number;
  session: Session;
};
