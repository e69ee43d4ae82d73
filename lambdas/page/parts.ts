import { type Content, html, type Markup } from './markup.ts';

/** One part of the page, with its entry in the navigation. */
export type Part = { id: string; title: string; body: Content };

export const partOf = ({ id, title, body }: Part): Markup => html`<section id="${id}">
<h2 id="${id}-title">${title}</h2>
${body}</section>
`;
