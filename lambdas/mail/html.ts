import type { Section } from '../report/brief.ts';
import { escaped } from '../report/html.ts';

/** Gmail shows the first 102 KB of a mail and hides the rest behind a link. */
const LARGEST_BYTES = 100_000;

const MOST_ENTRIES = 64;

/** Fonts that every mail program has; Word, which renders mail in Outlook, uses the second if it lacks the first. */
const FONT = "font-family:'Segoe UI',Arial,sans-serif";
const TEXT = `${FONT};font-size:15px;line-height:22px;color:#1f2933;word-break:break-word`;

/**
 * A mail as HTML. Tables and inline styles, because Outlook renders with Word and Gmail drops what it does not know;
 * colours for dark mode if a program supports them. Every text is escaped, nothing is loaded, nothing runs. At most 100
 * KB: longer lists are cut, with a note.
 */
export function mailHtml(title: string, sections: readonly Section[]): string {
  for (let most = MOST_ENTRIES; ; most = Math.floor(most / 2)) {
    const html = page(title, sections, most);
    if (most === 0 || Buffer.byteLength(html) <= LARGEST_BYTES) return html;
  }
}

const page = (title: string, sections: readonly Section[], most: number): string => `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escaped(title)}</title>
<style>
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .around { background-color: #16191d !important; }
  .sheet { background-color: #22272e !important; border-color: #3a424c !important; }
  .words { color: #e6e9ec !important; }
}
</style>
</head>
<body class="around" style="margin:0;padding:0;background-color:#f2f4f6">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" class="around" style="background-color:#f2f4f6">
<tr><td align="center" style="padding:24px 12px">
<!--[if mso]><table role="presentation" width="640" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" class="sheet" style="max-width:640px;background-color:#ffffff;border:1px solid #d9dee3">
<tr><td class="words" style="padding:24px 28px 4px;${FONT};font-size:20px;line-height:28px;font-weight:bold;color:#1f2933">${escaped(title)}</td></tr>
${sections.map((section) => rowsOf(section, most)).join('\n')}
<tr><td style="padding:0 0 24px;font-size:1px;line-height:1px">&nbsp;</td></tr>
</table>
<!--[if mso]></td></tr></table><![endif]-->
</td></tr>
</table>
</body>
</html>
`;

/** Outlook indents and spaces lists as Word does, so each entry is a table row. */
function rowsOf({ sentence, entries }: Section, most: number): string {
  const rows = cut(entries, most).map(
    (entry) =>
      `<tr><td class="words" width="16" valign="top" style="${TEXT}">&bull;</td><td class="words" valign="top" style="${TEXT}">${escaped(entry)}</td></tr>`,
  );
  const list =
    rows.length === 0
      ? ''
      : `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin-top:6px">${rows.join('')}</table>`;
  return `<tr><td class="words" style="padding:12px 28px 0;${TEXT}">${escaped(sentence)}${list}</td></tr>`;
}

/** A list that was cut before already states how many it lacks, so this gives no number. */
const cut = (entries: readonly string[], most: number): readonly string[] =>
  entries.length > most ? [...entries.slice(0, most), 'and more: the files have every entry'] : entries;
