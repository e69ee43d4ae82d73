import { expect, it } from 'vitest';
import { httpsAddress } from '../../lambdas/wire/forms.ts';

it.each(['https://api.vendor.example', 'https://api.vendor.example:8443/v1/?a=b#c'])('%j is an address', (text) => {
  expect(httpsAddress.safeParse(text).success).toBe(true);
});

it('an address may have blanks around it and line breaks within, which are dropped', () => {
  expect(httpsAddress.parse(' https://api.ven\ndor.example\n')).toBe('https://api.vendor.example');
});

it.each([
  ...['http://api.vendor.example', 'httpsx://api.vendor.example', 'xhttps://api.vendor.example'],
  ...['api.vendor.example', '', 'https://'],
])('%j is not an address that credentials may travel to', (text) => {
  expect(httpsAddress.safeParse(text).success).toBe(false);
});

it.each([
  ['a blank', 'https://api.vendor.example/v 1'],
  ['an invisible character', 'https://api.vendor\u200b.example'],
  ['a letter that looks like another', 'https://api.vend\u043er.example'],
])('an address is not one with %s', (_, text) => {
  expect(httpsAddress.safeParse(text).error?.issues).toMatchObject([
    { message: 'expected an address, https://…, without blanks and other characters that no address has' },
  ]);
});
