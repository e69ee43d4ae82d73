import { escaped } from '../report/html.ts';
import { printable } from '../views/printable.ts';

/** Text that is markup already. `html` makes it from outside data; made by hand only from the page's own text. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** The values of a template: text and numbers are escaped, undefined gives an empty text. */
export type Content = string | number | Markup | undefined | readonly Content[];

/** A fragment of HTML; safe between tags and inside quoted attributes. */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  let text = parts[0] ?? '';
  for (const [index, content] of contents.entries()) text += written(content) + (parts[index + 1] ?? '');
  return new Markup(text);
}

function written(content: Content): string {
  if (content === undefined) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'number') return String(content);
  if (typeof content === 'string') return escaped(printable(content));
  return content.map(written).join('');
}
