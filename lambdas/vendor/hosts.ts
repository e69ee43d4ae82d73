import { ReportError } from '../report/errors.ts';

/** A host name, or `*.` and a domain for every host below it. */
export type HostPattern = string;

/** True when `host` (lower case, without port) is one of `patterns`. */
export function hostMatches(host: string, patterns: readonly HostPattern[]): boolean {
  return patterns.some((pattern) =>
    pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) && host.length > pattern.length - 1 : host === pattern,
  );
}

/**
 * Refuses an address that credentials must not travel to: a next link, a redirect or a vendor-supplied host that leaves the
 * vendor's own hosts, or that is not https on its usual port.
 */
export function guardHost(url: URL, patterns: readonly HostPattern[]): void {
  if (url.protocol !== 'https:' || url.port !== '' || url.username !== '' || !hostMatches(url.hostname, patterns)) {
    throw new ReportError(
      'VendorContractError',
      `refused to send credentials to ${url.origin}: the vendor's own hosts are ${patterns.join(', ')}`,
    );
  }
}
