/** Vendors' words for a month at a time. */
const MONTHLY = /^(?:monthly|month|month[- ]to[- ]month|(?:1|one)[- ]?month|p1m)$/iu;

export const isMonthly = (word: string | undefined): boolean => word !== undefined && MONTHLY.test(word.trim());
