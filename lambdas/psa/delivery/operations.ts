import type { Session } from '../../wire/session.ts';
import type { DeliveryFile, TicketMembers, TicketOrder } from './order.ts';

/** A file on a ticket. `size` is in bytes, absent if the PSA does not report it. */
export type Attached = { name: string; size?: number | undefined };

/** A customer company as the PSA lists it. `domains`: its mail domains and web address, if the list has them. */
export type PsaCompany = { id: string; name: string; domains?: readonly string[] };

/** An inconclusive look-up: what was looked for may exist, so it must not be made again. */
export const CANNOT_TELL = Symbol('cannot tell');

/** What every PSA can do for us, each by its own API. */
export type PsaOperations = {
  /**
   * The id of the company that a ticket is for: one text, however report.json spells it, because the run's ticket is
   * found by it.
   * Errors: `DeliveryError` if it cannot be one.
   */
  companyOf(ticket: TicketMembers): string | Promise<string>;
  /** The id of the oldest ticket that carries the order's run key; undefined when there is certainly none. */
  find(order: TicketOrder): Promise<string | undefined | typeof CANNOT_TELL>;
  /** True if the PSA answers that it has no such ticket (any more). */
  isGone(ticketId: string): Promise<boolean>;
  /**
   * Looks up all that the create call needs (names become ids) and returns the call itself, which resolves to the
   * ticket's id. Only the call changes anything that people see; files that go with it may be uploaded before. Errors:
   * `DeliveryError` if board, status, type, priority or company cannot be used.
   */
  prepare(order: TicketOrder): Promise<() => Promise<string>>;
  /**
   * The ticket's attachments, all of them. `created`: this run made the ticket, with its files if the PSA takes them
   * with the ticket.
   */
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
