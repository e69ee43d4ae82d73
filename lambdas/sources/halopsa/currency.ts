import { currencyFinder } from '../reading/currency.ts';
import type { Template } from './shapes.ts';

/**
 * Finds the ISO 4217 code of a recurring invoice: by its currency's name or, without one, the `configured` code, unless
 * such invoices have several numbers for their currency, which only the instance can translate.
 */
export function currencyOfTemplate(
  templates: readonly Template[],
  configured: string | undefined,
): (template: Template) => string | undefined {
  const numbers = new Set(
    templates.filter((template) => !template.currency_code_name).map((template) => template.currency_code),
  );
  const wordOf = ({ currency_code_name, currency_code }: Template): string =>
    currency_code_name || (numbers.size > 1 ? `currency ${currency_code}` : '');
  const find = currencyFinder(templates.map(wordOf), configured);
  return (template) => find(wordOf(template));
}
