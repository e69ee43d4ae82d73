import * as z from 'zod/mini';

/*
 * What organizations.json may hold as the id of a customer. The steps around the collectors know a vendor by such a form, its name
 * and its columns, without its code.
 */

/** An id as text; numbers are accepted, as organizations.json may write them. */
export const anyId = z.pipe(z.union([z.string(), z.number()]), z.transform(String));

/** A guid as it was written: for what is sent back to whoever made it. */
export const guidAsWritten = z
  .string()
  .check(z.regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu, 'expected a guid (8-4-4-4-12 hexadecimal digits)'));

/** A guid, normalised to lower case. */
export const guid = z.pipe(
  guidAsWritten,
  z.transform((value) => value.toLowerCase()),
);

/** A whole number written as text. */
export const digits = z.pipe(
  z.union([z.string(), z.number()]),
  z.pipe(z.transform(String), z.string().check(z.regex(/^\d+$/u, 'expected digits only'))),
);

/** A whole number that is always written as text, because it is too long for a number. */
export const longDigits = z.string().check(z.regex(/^\d+$/u, 'expected a text of digits'));

/** ConnectWise Asio's id of a company. */
export const asioCompany = z.string().check(z.regex(/^[\w-]+$/u, "expected the company's id, not its name"));

/** Datto RMM's uid of a site, normalised to lower case. */
export const siteUid = z.pipe(
  z.string().check(z.regex(/^(?=.*\d)[\w-]+$/u, "expected the site's uid, not its name")),
  z.transform((uid) => uid.toLowerCase()),
);

/** Dropsuite's id of an organization, or of one below a reseller's. */
export const dropsuiteOrganization = z.pipe(
  anyId,
  z.string().check(z.regex(/^\d+(-\d+)?$/u, 'expected digits, or digits-digits')),
);

/** Duo's id of an account. */
export const duoAccount = z
  .string()
  .check(z.regex(/^DA[A-Z0-9]{4,30}$/u, 'expected DA and (usually 18) capital letters or digits'));

/** Proofpoint's domain or eid of an organization. */
export const domainOrEid = z.pipe(
  z.string().check(z.regex(/^\s*(\d+|[^\s@/]+\.[^\s@/.]+)\s*$/u, 'expected a domain, or the digits of an eid')),
  z.transform((id) => id.trim().toLowerCase()),
);

/** Stellr's number of a customer. */
export const stellrCustomer = z.pipe(
  z.union([z.string(), z.number()]),
  z.pipe(z.transform(String), z.string().check(z.regex(/^[\w-]+$/u, 'expected a customer number without spaces'))),
);

/** Synnex Australia's code of a company. */
export const companyCode = z.string().check(z.regex(/^\S+$/u, 'expected a company code, without spaces'));
