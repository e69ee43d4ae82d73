/** Vendors' words for a monthly term. */
const MONTHLY = /^(?:monthly|month|month[- ]to[- ]month|(?:1|one)[- ]?month|p1m)$/iu;

export const isMonthly = (word: string | undefined): boolean => word !== undefined && MONTHLY.test(word.trim());
