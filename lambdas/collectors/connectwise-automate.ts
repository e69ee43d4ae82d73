import * as z from 'zod/mini';
import { number, numberWhenUsed } from '../counting/columns.ts';
import { digits, guidAsWritten } from '../counting/ids.ts';
import { sees } from '../counting/rights.ts';
import { Unread } from '../counting/row-forms.ts';
import { vendor } from '../counting/vendor.ts';
import { ReportError } from '../report/errors.ts';
import { quantity } from '../report/quantity.ts';
import { httpsAddress } from '../wire/forms.ts';
import { flag, optional, required } from '../wire/options.ts';
import { MAY_HIDE } from '../wire/paging.ts';
import { clients, columnOf, computers } from './connectwise-automate/lists.ts';
import { isSharedSecret } from './connectwise-automate/one-time-passcode.ts';
import { faultsOfServer } from './connectwise-automate/server.ts';
import { userToken } from './connectwise-automate/user-token.ts';

const ONE_ROW = { page: 1, pageSize: 1 };

export default vendor({
  id: 'connectwise-automate',
  name: 'ConnectWise Automate',
  position: 20,
  customerId: { name: 'client id', schema: digits },
  columns: {
    workstations: number('Workstations', `agents of type Workstation, online or not (${MAY_HIDE})`),
    servers: number('Servers', `agents of type Server, online or not (${MAY_HIDE})`),
    unclassified: numberWhenUsed('Unclassified', 'agents of neither type and without a server operating system'),
  },
  secret: {
    serverUrl: required("the server's own address, such as https://yourname.hostedrmm.com", httpsAddress),
    clientId: required(
      'ClientID from developer.connectwise.com: identifies the integration, not the customer',
      guidAsWritten,
    ),
    username: required('the integrator user'),
    password: required('its password'),
    twoFactorSecret: optional(
      z.string().check(z.refine(isSharedSecret, 'expected the Base32 key of the app')),
      'only for a user that is not an integrator: the key that its authenticator app was set up with',
    ),
  },
  configuration: {
    allowPrivateNetwork: flag('the server is in a network that only this machine or its VPC reaches'),
  },
  check: ({ serverUrl, allowPrivateNetwork }) => faultsOfServer(serverUrl, allowPrivateNetwork),
  names: { units: 'computers' },
  setup: {
    create:
      'Control Center > System > Users & Contacts > Users: an integrator user (no second factor); a ClientID from developer.connectwise.com/ClientID',
    rights: [clients, computers].map(({ path }) =>
      sees(
        `read ${path.slice(1)} of all clients`,
        "the user's class; what it may not see is not counted",
        path,
        ONE_ROW,
      ),
    ),
  },
  api: ({ serverUrl, clientId, allowPrivateNetwork, ...login }) => ({
    base: `${new URL(serverUrl).origin}/cwa/api/v1`,
    publicOnly: !allowPrivateNetwork,
    auth: userToken(login),
    headers: { ClientId: clientId },
    // The limit is the MSP's own database.
    limit: { concurrency: 1 },
  }),
  async *collect({ read, customer, count, failed, note }) {
    yield* read(clients, ({ Id, Name }) => customer(Id, Name));
    let [agents, typed, unclassified] = [0, 0, 0];
    yield* read(computers, (row) => {
      const column = columnOf(row);
      agents += 1;
      if (typeof row.Type === 'string') typed += 1;
      if (column === 'unclassified') unclassified += 1;
      const client = row.Client.Id;
      if (column instanceof Unread) return failed(client, column.reason);
      return count(client, column, 1, { id: row.Id, name: row.ComputerName });
    });
    if (agents > 0 && typed === 0) {
      throw new ReportError('VendorContractError', 'ConnectWise Automate /Computers: no computer has a "Type"');
    }
    if (unclassified > 0) yield note(`${quantity(unclassified, 'agent')} of no known type: see "Unclassified"`);
  },
});
