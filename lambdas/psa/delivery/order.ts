/** Neutral members of a ticket as report.json has them; each PSA makes its own of them. */
export type TicketMembers = {
  companyId: string | number;
  /** Board, queue, group, team or form. */
  board?: string | number | null | undefined;
  status?: string | number | null | undefined;
  type?: string | number | null | undefined;
  priority?: string | number | null | undefined;
  contactEmail?: string | number | null | undefined;
  /** Goes into the PSA's own create call last, over everything else. */
  extra?: Record<string, unknown> | undefined;
};

/** The ticket that a run wants: found by `runKey`, or made. */
export type TicketOrder = {
  /** Of `runKey`: tells this run's ticket from every other one. */
  runKey: string;
  title: 'Billing Reconciliation';
  /** "November 2026". */
  month: string;
  /** ISO 8601: the moment that the report speaks of; the ticket cannot be older. */
  asOf: string;
  /** The summary in plain words, and the same as HTML with everything foreign escaped. */
  plain: string;
  html: string;
  ticket: TicketMembers;
  /** For a PSA whose create call takes files along. */
  files?: readonly DeliveryFile[];
};

/** A file to be attached. */
export type DeliveryFile = { name: string; bytes: Uint8Array; contentType: string };
