import { ReportError } from '../../report/errors.ts';

/**
 * The UTC day of any of the date forms that Pax8 mixes: `2025-12-29`, `…T07:00:00Z`, `…T09:00:00.000-0600`.
 * Errors: `VendorContractError` for any other.
 */
export function day(date: string): string {
  const [, ymd, time = '', zone = 'Z'] =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?)?$/u.exec(date.trim()) ?? [];
  const instant = time === '' ? `${ymd}T00:00Z` : `${ymd}T${time}${zone.replace(/(\d{2})(\d{2})$/u, '$1:$2')}`;
  const parsed = Date.parse(instant);
  if (Number.isNaN(parsed))
    throw new ReportError('VendorContractError', `Pax8: "${date}" is no date that it documents`);
  return new Date(parsed).toISOString().slice(0, 10);
}
