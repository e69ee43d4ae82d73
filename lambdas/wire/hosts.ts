import { ReportError } from '../report/errors.ts';

/** A host name; `*.` and a domain for every host below it; or a name with one label free: `api.*.vendor.example`. */
export type HostPattern = string;

/** True when `host` (lower case, without port) is one of `patterns`. */
export function hostMatches(host: string, patterns: readonly HostPattern[]): boolean {
  return patterns.some((pattern) => {
    const [before = '', after] = pattern.split('*');
    if (after === undefined) return host === pattern;
    if (!host.startsWith(before) || !host.endsWith(after) || host.length < pattern.length) return false;
    return before === '' || !host.slice(before.length, host.length - after.length).includes('.');
  });
}

/**
 * Refuses an address that credentials must not travel to: a next link, a redirect or a vendor-supplied host that leaves
 * the vendor's own hosts, or that is not https. A port other than 443 must be in `patterns` with its host.
 */
export function guardHost(url: URL, patterns: readonly HostPattern[]): void {
  const isAllowed = url.port === '' ? hostMatches(url.hostname, patterns) : patterns.includes(url.host);
  if (url.protocol !== 'https:' || url.username !== '' || !isAllowed) {
    throw new ReportError(
      'VendorContractError',
      `refused to send credentials to ${url.origin}: the vendor's own hosts are ${patterns.join(', ')}`,
    );
  }
}
