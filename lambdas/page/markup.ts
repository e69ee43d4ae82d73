import { escaped } from '../report/html.ts';
import { printable } from '../views/printable.ts';

/** Text that is markup already. `html` makes it of everything that comes from outside; by hand, only of the page's own. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What a template may hold: text and numbers are escaped, nothing stands for itself. */
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
