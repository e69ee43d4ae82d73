import * as z from 'zod/mini';
import { textLike } from '../wire/forms.ts';

/*
 * What organizations.json can hold as the id of a customer. With such a form, its name and its columns, other steps
 * know a vendor without its code.
 */

/** An id as text, without blanks around it; numbers are accepted, as organizations.json can have them. */
export const anyId = z.pipe(
  z.union([z.string(), z.number()]),
  z.transform((id) => String(id).trim()),
);

/** A guid as it was written, to be sent back to the vendor that made it. */
export const guidAsWritten = textLike(
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu,
  'a guid (8-4-4-4-12 hexadecimal digits)',
);

/** An id in lower case, however it was written. */
export const lowerCase = (form: z.ZodMiniString<string>) =>
  z.pipe(
    form,
    z.transform((id) => id.toLowerCase()),
  );

/** A guid, normalized to lower case. */
export const guid = lowerCase(guidAsWritten);

/** A whole number written as text. */
export const digits = z.pipe(
  z.union([z.string(), z.number()]),
  z.pipe(z.transform(String), textLike(/^\d+$/u, 'digits only')),
);

/** A whole number that is always written as text, because it is too long for a number. */
export const longDigits = textLike(/^\d+$/u, 'text of digits');

/** ConnectWise Asio's id of a company. */
export const asioCompany = textLike(/^[\w-]+$/u, "the company's id, not its name");

/** Datto RMM's uid of a site, in lower case: a guid as far as has been seen, though the API calls it a text. */
export const siteUid = lowerCase(textLike(/^(?=.*\d)[\w-]+$/u, "the site's uid, not its name"));

/** Dropsuite's id of an organization, or of one below a reseller's. */
export const dropsuiteOrganization = z.pipe(anyId, textLike(/^\d+(-\d+)?$/u, 'digits, or digits-digits'));

/** Duo's id of an account. */
export const duoAccount = textLike(/^DA[A-Z0-9]{4,30}$/u, 'DA and (usually 18) capital letters or digits');

/** Proofpoint's domain or eid of an organization. */
export const domainOrEid = z.pipe(
  textLike(/^\s*(\d+|[^\s@/]+\.[^\s@/.]+)\s*$/u, 'a domain, or the digits of an eid'),
  z.transform((id) => id.trim().toLowerCase()),
);

/** Stellr's number of a customer. */
export const stellrCustomer = z.pipe(anyId, textLike(/^[\w-]+$/u, 'a customer number without spaces'));

/** Synnex Australia's code of a company. */
export const companyCode = textLike(/^\S+$/u, 'a company code, without spaces');
