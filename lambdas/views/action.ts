/**
 * Who can do it: `clerk` in the PSA or a vendor's shop, `engineer` with keys and rights, `mapping` in
 * organizations.json.
 */
export type Who = 'clerk' | 'engineer' | 'mapping';

/** One thing to do. */
export type Action = {
  who: Who;
  /** A sentence. */
  what: string;
  /** Missing if it concerns more than one company. */
  company?: string;
  companyId?: string;
  /** The system or file to do it in. */
  where: string;
  /** Per month, a decimal: positive if too little is billed, negative if too much. */
  money?: { amount: string; currency: string };
  /** The last day to do it. */
  until?: string;
};
