import * as z from 'zod/mini';
import { number, textWhenUsed } from '../counting/columns.ts';
import { duoAccount } from '../counting/ids.ts';
import { Unread } from '../counting/row-forms.ts';
import { vendor } from '../counting/vendor.ts';
import { isReportError } from '../report/errors.ts';
import { signed } from '../wire/auth.ts';
import { preset, required } from '../wire/options.ts';
import { RefusedAnswer } from '../wire/refused-answer.ts';
import { accountsBy, emptyBody, host } from './duo/accounts.ts';
import { duoSignature } from './duo/signature.ts';
import { billedEdition, editionName, summaryOf } from './duo/summary.ts';

export default vendor({
  id: 'duo',
  name: 'Duo',
  position: 90,
  customerId: { name: 'account_id', schema: duoAccount },
  columns: {
    users: number('Users', 'users that exist in the account, disabled ones included: each takes a licence'),
    edition: textWhenUsed('Edition', 'edition of the account'),
  },
  secret: {
    integrationKey: required('integration key of the Accounts API application'),
    secretKey: required('its secret key'),
    apiHost: required("the parent account's API host name, without scheme", host),
    signatureVersion: preset(z.literal([2, 5]), 5, 'how requests are signed; 2 for older applications'),
  },
  configuration: {},
  setup: {
    create: 'Duo Admin Panel of the parent account > Applications > Protect an Application > Accounts API',
    rights: [
      {
        right:
          'an Accounts API application, which an Owner creates once Duo has switched the Accounts API on for the MSP',
        where: 'Duo Admin Panel of the parent account > Applications',
        check: (api, { signatureVersion }) =>
          api.send('POST', '/accounts/v1/account/list', { ...emptyBody(signatureVersion), reads: true }),
      },
    ],
  },
  api: ({ integrationKey, secretKey, apiHost, signatureVersion }) => ({
    base: `https://${apiHost.toLowerCase()}`,
    hosts: ['*.duosecurity.com', '*.duofederal.com'],
    auth: signed((request) => duoSignature(integrationKey, secretKey, request, signatureVersion)),
    limit: { concurrency: 5 },
    renewal: 'check the keys, that the application is an Accounts API one, and the clock of this machine',
  }),
  async *collect({ api, read, each, customer, count, text, gap, failed, note }, { signatureVersion }) {
    const hosts = new Map<string, string | null | undefined>();
    yield* read(accountsBy(signatureVersion), ({ account_id: id, name, api_hostname }) => {
      if (api_hostname instanceof Unread) return [customer(id, name), failed(id, api_hostname.reason)];
      hosts.set(id, api_hostname);
      return customer(id, name);
    });
    yield* each(hosts, async function* (id, hostname) {
      const child = hostname ? api.with({ base: `https://${hostname.toLowerCase()}` }) : api;
      const summary = await summaryOf(child, id);
      yield count(id, 'users', summary.users);
      try {
        const edition = editionName(summary.edition ?? (await billedEdition(child, id)));
        yield text(id, 'edition', edition);
        if (edition === 'Duo Free') yield note('Duo Free is not billed', id);
      } catch (error) {
        // The number of users does not depend on it.
        if (!isReportError(error) || error.wide) throw error;
        const barred = error.name === 'VendorAuthError' || error instanceof RefusedAnswer;
        yield barred
          ? gap(id, 'edition', 'Duo does not say which', 'excluded')
          : gap(id, 'edition', error.message, 'failed');
      }
    });
  },
});
