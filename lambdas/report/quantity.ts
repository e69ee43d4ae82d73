/** "1 device", "2 inboxes", "3 companies": a number (or a decimal as text) and its noun, given in the singular. */
export function quantity(count: number | string, noun: string): string {
  if (String(count) === '1') return `1 ${noun}`;
  if (/[^aeiou]y$/u.test(noun)) return `${count} ${noun.slice(0, -1)}ies`;
  return `${count} ${noun}${/(s|x|ch|sh)$/u.test(noun) ? 'es' : 's'}`;
}
