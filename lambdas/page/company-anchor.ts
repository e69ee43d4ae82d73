import { printable } from '../views/printable.ts';
import { type Content, html } from './markup.ts';

/**
 * The id of a company's section in the page. Whitespace, which HTML does not allow in an id, is written as a number.
 */
export const companyAnchor = (id: string): string =>
  `company-${printable(id).replace(/[\s%]/gu, (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`)}`;

/** A company's name, as a link if it has a section. */
export type CompanyLink = (name: string, id: string | undefined) => Content;

/** `ids`: the companies that have a section. */
export const companyLinks =
  (ids: ReadonlySet<string>): CompanyLink =>
  (name, id) =>
    id === undefined || !ids.has(id) ? name : html`<a href="#${encodeURIComponent(companyAnchor(id))}">${name}</a>`;
