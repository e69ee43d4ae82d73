import { describe, expect, it } from 'vitest';
import { domainsOf, mailDomain } from '../../lambdas/mapping/domains.ts';

describe('a domain', () => {
  it.each([
    ['contoso.com', 'contoso.com', 'contoso.com'],
    ['Billing@Contoso.co.uk', 'contoso.co.uk', 'contoso.co.uk'],
    ['https://www.contoso.com.au/about', 'contoso.com.au', 'contoso.com.au'],
    ['uk.contoso.com', 'uk.contoso.com', 'contoso.com'],
    ['harbour.k12.ma.us', 'harbour.k12.ma.us', 'harbour.k12.ma.us'],
    ['contoso.github.io', 'contoso.github.io', 'contoso.github.io'],
  ])('%s belongs to one registrant', (text, domain, family) => expect(mailDomain(text)).toEqual({ domain, family }));

  it.each([
    ['contoso.onmicrosoft.com', 'contoso.onmicrosoft.com'],
    ['contoso.mail.onmicrosoft.com', 'contoso.onmicrosoft.com'],
    ['contoso.sharepoint.com', 'contoso.sharepoint.com'],
    ['contoso.partner.onmschina.cn', 'contoso.partner.onmschina.cn'],
  ])('%s belongs to one tenant, although all tenants share the registered domain', (text, tenant) =>
    expect(mailDomain(text)).toEqual({ domain: tenant, family: tenant }),
  );

  it.each([
    'someone@gmail.com',
    'outlook.com',
    'mail.gmx.net',
    't-online.de',
    'chello.at',
    'onmicrosoft.com',
    'co.uk',
    'k12.ma.us',
    'localhost',
    '192.0.2.7',
    '4411',
    '',
    'no domain',
  ])('does not identify an owner: "%s"', (text) => expect(mailDomain(text)).toBeUndefined());
});

it('an id is a domain of its customer if it reads like one', () => {
  const ids = ['551201', '1788161-14', 'v1.2', '3b6c1f0e-0000', 'a@b.example'];
  const domains = ['harbourdental.example', 'named.example'];
  expect(domainsOf({ id: 'harbourdental.example', aliases: ids, domains: ['named.example'] })).toEqual(domains);
  expect(domainsOf({ id: '4411', aliases: ids, domains })).toBe(domains);
});
