import type { SandboxRequest, SandboxResponse, Server } from './vendor.ts';

type Opens = RegExp | ((request: SandboxRequest) => boolean);

/**
 * Which requests need a right, by the name that the vendor's own screens give it; a path stands for all requests below
 * it.
 */
const OPENS: Readonly<Record<string, Readonly<Record<string, Opens>>>> = {
  auvik: { 'view of tenants': /\/tenants$/u, 'view of billing': /\/billing\//u },
  'connectwise-automate': {
    'read Clients of all clients': /\/Clients$/u,
    'read Computers of all clients': /\/Computers$/u,
  },
  duo: {
    'an Accounts API application, which an Owner creates once Duo has switched the Accounts API on for the MSP':
      /\/accounts\/v1\//u,
  },
  'it-glue': {
    'reading organizations: a key of an administrator, on the Enterprise plan (it may expire after 90 days without use)':
      /\/organizations$/u,
    'reading users: a key of an administrator, on the Enterprise plan (it may expire after 90 days without use)':
      /\/users$/u,
  },
  'microsoft-365': {
    'Directory.Read.All (tenantSource contracts) or DelegatedAdminRelationship.Read.All (gdap)': /\/contracts$/u,
    'Organization.Read.All': /\/subscribedSkus$/u,
  },
  'connectwise-asio': {
    'scope Platform - Companies - Read': /\/company\/companies/u,
    'scope Sites - Read': /\/company\/sites/u,
    'scope Assets - Read': /\/device\/clients\//u,
    'scope Devices - Read': /\/device\/categories\//u,
  },
  'datto-rmm': {
    'a security level that sees all sites': /\/account\/sites/u,
    'a security level that sees all devices': /\/account\/devices/u,
  },
  'connectwise-psa': {
    'Service Desk > Service Tickets (inquire all)': /\/service\/tickets/u,
    'Companies > Company Maintenance (inquire all)': /\/company\/companies/u,
    'Companies > Contacts (inquire all)': /\/company\/contacts/u,
    'System > Table Setup (inquire)': /\/service\/(boards|priorities)/u,
    'Finance > Agreements (inquire all)': /\/finance\/agreements$/u,
    'Finance > Agreement Sales (inquire)': /\/additions$/u,
  },
  'datto-psa': {
    'seeing companies and contacts': /\/Companies\//u,
    'seeing tickets': /\/Tickets\/query/u,
    'seeing contracts': /\/Contract\w+\/query/u,
    'Admin > Products & Services (view)': /\/Service(Bundle)?s\/query/u,
  },
  freshdesk: {
    'global ticket scope': /\/tickets/u,
    'seeing companies': /\/companies/u,
    'seeing contacts, one of which must be the requester': /\/contacts/u,
    'seeing groups': /\/groups/u,
    'custom objects (view)': /\/custom_objects\//u,
  },
  halopsa: {
    'read:tickets': /\/Tickets/u,
    'read:customers': /\/Client/u,
    'read:invoices': /\/RecurringInvoice/u,
  },
  'kaseya-bms': {
    'Service Desk > Tickets (view)': /\/servicedesk\/tickets/u,
    'CRM > Accounts (view)': /\/crm\/accounts/u,
    'Admin > Service Desk (view)': /\/system\/\w+\/lookup/u,
    'Finance > Contracts (view)': /\/finance\/contracts\//u,
    'Finance > Invoices and Billing (view)': /\/finance\/invoices\//u,
    'Admin > Finance > Services (view)': /\/finance\/services\/search$/u,
    'seeing the services of contracts': /\/relatedservices\/search$/u,
  },
  ninjaone: {
    'scope Monitoring': /\/v2\/organizations/u,
    'scope Management': /\/v2\/ticketing\//u,
    'Billing: Read': /\/v2\/billing\//u,
  },
  servicenow: {
    'read on the table of the ticket': /\/table\/incident/u,
    'read on core_company': /\/table\/core_company/u,
    'read on sys_user_group': /\/table\/sys_user_group/u,
    'read on sys_user': /\/table\/sys_user$/u,
    'read on sys_choice': /\/table\/sys_choice/u,
    'read on the table of what is sold, by default sn_install_base_sold_product':
      /\/table\/sn_install_base_sold_product/u,
  },
  superops: {
    'tickets (view)': says('getTicketList'),
    'clients (view)': says('getClientList'),
    'contracts (view)': says('getClientContractList'),
    'service items (view)': says('getServiceItemList'),
  },
};

function says(word: string): Opens {
  return ({ body }) => Buffer.from(body).includes(word);
}

/** How a system says that a right is missing, where that is not a 403. */
const REFUSALS: Readonly<Record<string, SandboxResponse>> = {
  'datto-psa': { status: 500, body: { errors: ['The logged in Resource does not have the required permissions.'] } },
  superops: { status: 200, body: { data: null, errors: [{ extensions: { clientError: [{ code: 'forbidden' }] } }] } },
};

/** Where a right that is missing hides all rows instead, with nothing refused. */
const HIDINGS: Readonly<Record<string, Readonly<Record<string, SandboxResponse>>>> = {
  'datto-psa': {
    'seeing contracts': { status: 200, body: { items: [], pageDetails: { count: 0, nextPageUrl: null } } },
  },
};

const FORBIDDEN: SandboxResponse = { status: 403, body: { code: 'Forbidden', message: 'Missing permission' } };

/** The rights of this system that open different requests; none if one right opens whatever is read. */
export const rightsThatDiffer = (id: string): string[] => Object.keys(OPENS[id] ?? {});

/**
 * The same server for credentials that lack one right; where no rights differ, they lack all that is read by GET.
 * Throws for a right of which it does not know what it opens: taking nothing away, or everything, would prove nothing.
 */
export function withoutRight<S extends Server>(server: S, right: string): S {
  const differing = OPENS[server.id];
  const opens = differing === undefined ? readsOnly : differing[right];
  if (opens === undefined) throw new Error(`nobody says which requests "${right}" opens at ${server.id}`);
  const needsIt = (request: SandboxRequest): boolean =>
    opens instanceof RegExp ? opens.test(request.path) : opens(request);
  const refusal = HIDINGS[server.id]?.[right] ?? REFUSALS[server.id] ?? FORBIDDEN;
  return { ...server, handle: (request) => (needsIt(request) ? refusal : server.handle(request)) };
}

const readsOnly: Opens = ({ method }) => method === 'GET';
