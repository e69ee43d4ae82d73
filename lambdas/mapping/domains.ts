// The list itself: the package's main module reads it from disk at run time, which a bundle does not include.
import providers from 'email-providers/all.json' with { type: 'json' };
import { parse } from 'tldts';
import { distinct } from '../report/order.ts';
import type { Account } from './clientele.ts';

/** A domain as evidence: `domain` itself, and its registrable domain `family`. */
export type MailDomain = { domain: string; family: string };

/**
 * Domains below which Microsoft gives each tenant its own domain. Every public suffix list treats them as one
 * registrant's domain, which would make all tenants one company.
 */
const TENANT_DOMAINS =
  /^(?:[^.]+\.)*?([^.]+)(?:\.mail)?\.(onmicrosoft\.(?:com|us|de)|partner\.onmschina\.cn|sharepoint\.(?:com|us))$/u;

/** Mailbox domains of internet providers that the list of providers lacks. */
const MORE_PROVIDERS = ['a1.net', 'aon.at', 'chello.at', 'telia.com'];

const SHARED: ReadonlySet<string> = new Set([...providers, ...MORE_PROVIDERS]);

/**
 * Reads a domain, mail address or web address. Undefined for what does not identify an owner: no domain, a public
 * suffix, or a domain where anybody can have a mailbox.
 */
export function mailDomain(text: string): MailDomain | undefined {
  const { hostname, domain: registrable, isIp } = parse(text.trim().toLowerCase(), { allowPrivateDomains: true });
  if (hostname === null || registrable === null || isIp === true) return undefined;
  const [, tenant, below] = TENANT_DOMAINS.exec(hostname) ?? [];
  if (tenant !== undefined) {
    const whole = `${tenant}.${below}`;
    return { domain: whole, family: whole };
  }
  if (/^(onmicrosoft|sharepoint)\.|^partner\.onmschina\./u.test(registrable)) return undefined;
  if (SHARED.has(hostname) || SHARED.has(registrable)) return undefined;
  return { domain: hostname.replace(/^www\./u, ''), family: registrable };
}

/**
 * The domains of a customer: those that its rows name, and its ids that are domains, as some vendors identify customers
 * by them.
 */
export function domainsOf({ id, aliases, domains }: Pick<Account, 'id' | 'aliases' | 'domains'>): readonly string[] {
  const written = [id, ...aliases].filter(looksLikeDomain);
  return written.length === 0 ? domains : distinct([...domains, ...written]);
}

const looksLikeDomain = (id: string): boolean => /^[^\s@/:]+\.[a-z][a-z-]+$/iu.test(id);
