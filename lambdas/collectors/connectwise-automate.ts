import * as z from 'zod/mini';
import { anyId, collector, count, customer, digits, guidAsWritten, note } from '../counting/collector.ts';
import { number, numberWhenUsed } from '../report/column.ts';
import { ReportError } from '../report/errors.ts';
import { byPage, MAY_HIDE } from '../wire/paging.ts';
import { isPrivateHost } from '../wire/private-network.ts';
import { isSharedSecret } from './connectwise-automate/one-time-passcode.ts';
import { userToken } from './connectwise-automate/user-token.ts';

const WORKSTATIONS = 'ConnectWise Automate Workstations';
const SERVERS = 'ConnectWise Automate Servers';
const UNCLASSIFIED = 'ConnectWise Automate Unclassified';

const Clients = z.array(z.object({ Id: anyId, Name: z.string() }));

const Computers = z.array(
  z.object({
    Id: anyId,
    Client: z.object({ Id: anyId }),
    /** No enumeration in the API: some agents have none, and then the operating system tells. */
    Type: z.optional(z.nullable(z.string())),
    OperatingSystemName: z.optional(z.nullable(z.string())),
  }),
);

/** No total and no link: only an empty page is the end, because a server may cap pages below what was asked for. */
const untilEmpty = (fields: string) =>
  byPage({
    param: 'page',
    first: 1,
    size: { param: 'pageSize', value: 1000 },
    // Servers that do not know `includeFields` send whole records; those are read all the same.
    query: { orderBy: 'Id asc', includeFields: fields },
    until: 'empty',
  });

/** What is wrong with a server's address; undefined where it may be asked. */
function faultOfServer(serverUrl: string, allowPrivateNetwork: boolean): string | undefined {
  const url = URL.canParse(serverUrl) ? new URL(serverUrl) : undefined;
  if (url === undefined || url.protocol !== 'https:' || url.href !== `${url.origin}/`) {
    return 'serverUrl: expected https:// and a host, without a path (https://yourname.hostedrmm.com)';
  }
  if (allowPrivateNetwork || !isPrivateHost(url.hostname)) return undefined;
  return (
    `serverUrl: ${url.hostname} lies in a private network, where no credentials are sent; ` +
    'if that is meant, set allowPrivateNetwork'
  );
}

export default collector({
  id: 'connectwise-automate',
  name: 'ConnectWise Automate',
  position: 20,
  customerId: { name: 'client id', schema: digits },
  secret: z.strictObject({
    /** The server's own address. */
    serverUrl: z.string(),
    /** From developer.connectwise.com: names the integration, not the customer. */
    clientId: guidAsWritten,
    username: z.string().check(z.minLength(1)),
    password: z.string().check(z.minLength(1)),
    /** Only for a user that is no integrator: what its authenticator app was set up with. */
    twoFactorSecret: z.optional(z.string().check(z.refine(isSharedSecret, 'expected the Base32 key of the app'))),
  }),
  configuration: z.strictObject({
    /** The server lies in a network that only this machine or its VPC reaches. */
    allowPrivateNetwork: z._default(z.boolean(), false),
  }),
  columns: [
    number(WORKSTATIONS, `agents of type Workstation, online or not (${MAY_HIDE})`),
    number(SERVERS, `agents of type Server, online or not (${MAY_HIDE})`),
    numberWhenUsed(UNCLASSIFIED, 'agents of neither type and without a server operating system'),
  ],
  check: ({ serverUrl, allowPrivateNetwork }) => {
    const fault = faultOfServer(serverUrl, allowPrivateNetwork);
    return fault === undefined ? [] : [fault];
  },
  setup: {
    create:
      'Control Center > System > Users & Contacts > Users: an integrator user (no second factor); a ClientID from developer.connectwise.com/ClientID',
    rights:
      'a user class that reads Clients, Locations and Computers of all clients; what it may not see is not counted',
  },
  api: ({ serverUrl, clientId, allowPrivateNetwork, ...login }) => ({
    name: 'ConnectWise Automate',
    base: `${new URL(serverUrl).origin}/cwa/api/v1`,
    publicOnly: !allowPrivateNetwork,
    auth: userToken(login),
    headers: { ClientId: clientId },
    // The limit is the MSP's own database.
    limit: { concurrency: 1 },
  }),
  async *collect(api) {
    const clients = api.pages(
      '/Clients',
      { page: Clients, rows: (page) => page, key: ({ Id }) => Id },
      untilEmpty('Id,Name'),
    );
    for await (const { Id, Name } of clients) yield customer(Id, Name);

    const computers = api.pages(
      '/Computers',
      { page: Computers, rows: (page) => page, key: ({ Id }) => Id },
      untilEmpty('Id,Type,OperatingSystemName,Client'),
    );
    let agents = 0;
    let typed = 0;
    let unclassified = 0;
    for await (const { Client, Type, OperatingSystemName } of computers) {
      agents += 1;
      if (typeof Type === 'string') typed += 1;
      const type = Type?.trim().toLowerCase();
      if (type === 'workstation') yield count(Client.Id, WORKSTATIONS);
      else if (type === 'server' || OperatingSystemName?.toLowerCase().includes('server')) {
        yield count(Client.Id, SERVERS);
      } else {
        unclassified += 1;
        yield count(Client.Id, UNCLASSIFIED);
      }
    }
    if (agents > 0 && typed === 0) {
      throw new ReportError('VendorContractError', 'ConnectWise Automate /Computers: no computer has a "Type"');
    }
    if (unclassified > 0)
      yield note(`${unclassified} agents have no type that is known; they are in "${UNCLASSIFIED}"`);
  },
});
