/** The neutral name of a ticket field; a board is a board, queue, group, team or form. */
export type TicketMember = 'companyId' | 'board' | 'status' | 'type' | 'priority' | 'contactEmail';

/** The ticket in report.json, which each PSA translates. */
export type TicketMembers = {
  companyId: string | number;
  /** Goes into the PSA's own create call last, over everything else. */
  extra?: Record<string, unknown> | undefined;
} & { [member in Exclude<TicketMember, 'companyId'>]?: string | number | null | undefined };

/** The ticket of a run: found by `runKey`, or made. */
export type TicketOrder = {
  /** Made by `runKey()`; marks this run's ticket. */
  runKey: string;
  title: 'Billing Reconciliation';
  /** "November 2026". */
  month: string;
  /** ISO 8601: the moment that the report describes; the ticket cannot be older. */
  asOf: string;
  /** The summary in plain words, and the same as HTML with everything foreign escaped. */
  plain: string;
  html: string;
  ticket: TicketMembers;
  /** For a PSA whose create call includes files. */
  files?: readonly DeliveryFile[];
};

/** A file to be attached. */
export type DeliveryFile = { name: string; bytes: Uint8Array; contentType: string };

/**
 * The order with a further sentence in the ticket's text; `sentence` must be our own words and ids, because it goes
 * into HTML too.
 */
export const withRemark = (order: TicketOrder, sentence: string): TicketOrder => ({
  ...order,
  plain: `${order.plain}\n\n${sentence}`,
  html: `${order.html}\n<p>${sentence.replace(/[&<>"']/gu, (sign) => `&#${sign.charCodeAt(0)};`)}</p>`,
});
