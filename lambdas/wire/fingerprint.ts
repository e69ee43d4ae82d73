import { hash } from 'node:crypto';

/** As many characters as a short string of V8 holds without another object: 66 bits. */
const LENGTH = 11;

/**
 * A hash of a parsed row, to compare two rows of one id without keeping half a million rows. Their fields must be in
 * the same order, as they are from one schema or one server.
 */
export const fingerprint = (row: unknown): string => hash('sha1', JSON.stringify(row), 'base64').slice(0, LENGTH);
