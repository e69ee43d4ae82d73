import * as z from 'zod/mini';
import { isReportError } from '../report/errors.ts';
import { maybe } from '../wire/forms.ts';
import type { PsaCompany } from './delivery/operations.ts';
import { psa, SETTLED_AFTER_TIMEOUT } from './delivery/psa.ts';
import { creates, seesCompanies, seesTickets } from './delivery/rights.ts';
import { ROLE, superops } from './superops/access.ts';
import { attachFile, readAttachments, uploads } from './superops/files.ts';
import { findTicket, ownerOf } from './superops/find.ts';
import { type Graphql, graphql, id } from './superops/graphql.ts';
import { readRows } from './superops/lists.ts';
import { prepareTicket } from './superops/ticket.ts';

const SingleTicket = z.object({ getTicket: z.nullable(z.object({ ticketId: id })) });
const Client = z.object({
  accountId: id,
  name: z.string(),
  stage: maybe(z.string()),
  emailDomains: maybe(z.array(z.string())),
});
const Site = z.object({ id, name: z.string() });

export default psa({
  ...superops,
  setup: {
    create:
      'Settings > My Profile > API token > generate, as a service technician: a new token revokes the old one. The subdomain is under Settings > MSP Information',
    rights: [
      seesTickets('tickets (view)', ROLE),
      seesCompanies('clients (view)', ROLE),
      creates('tickets (create)', ROLE),
    ],
  },
  members: {
    companyId: 'client (for IT teams: site), by its id, written in quotes',
    board: 'technician group',
    status: 'status',
    type: 'request type, by its name: SuperOps lists none',
    priority: 'priority',
    contactEmail: 'requester: the user of the client with that e-mail address',
  },
  attachmentLimit: 5_000_000,
  carriesFiles: true,
  settleSeconds: SETTLED_AFTER_TIMEOUT,
  address: ({ region, product, subDomain }) => `${region} ${product} ${subDomain.toLowerCase()}`,
  operations(api, { subDomain, product, clientStage, webBaseUrl }, session) {
    const transport = graphql(api, product, session);
    const upload = uploads(api, session);
    return {
      companyOf: ownerOf,
      find: (order) => findTicket(transport, order),
      prepare: (order) => prepareTicket(transport, upload, order),
      isGone: (ticketId) => isGone(transport, ticketId),
      attachments: (ticketId, created) => readAttachments(transport, ticketId, created === true),
      attach: (ticketId, file) => attachFile(transport, upload, ticketId, file),
      link: (ticketId) =>
        `${(webBaseUrl ?? `https://${subDomain}.superops.ai`).replace(/\/$/u, '')}/#/tickets/${ticketId}/ticket`,
      companies: () => (transport.isMsp ? clientsOf(transport, clientStage) : sitesOf(transport)),
    };
  },
});

async function isGone(transport: Graphql, ticketId: string): Promise<boolean> {
  const document = 'query($input: TicketIdentifierInput!) { getTicket(input: $input) { ticketId } }';
  const answer = await transport.query(document, { input: { ticketId } }, SingleTicket).catch((error: unknown) => {
    if (isReportError(error, 'VendorContractError') && /entity_does_not_exist/u.test(error.message)) return undefined;
    throw error;
  });
  return answer === undefined || answer.getTicket === null;
}

const BY_NAME = { sort: { attribute: 'name', order: 'ASC' }, checksTotal: true } as const;

/** The product for IT teams has sites instead of clients. */
const sitesOf = (transport: Graphql) =>
  readRows(transport, {
    ...BY_NAME,
    query: 'getSiteList',
    rows: 'sites',
    select: 'id name',
    row: Site,
    idOf: (site) => site.id,
  });

/** The clients in one stage, or in any if `wanted` is null. */
async function* clientsOf(transport: Graphql, wanted: string | null): AsyncGenerator<PsaCompany> {
  const clients = readRows(transport, {
    ...BY_NAME,
    query: 'getClientList',
    rows: 'clients',
    select: 'accountId name stage status emailDomains',
    row: Client,
    idOf: ({ accountId }) => accountId,
  });
  for await (const { accountId, name, stage, emailDomains } of clients) {
    const isListed = wanted === null || stage?.toLowerCase() === wanted.toLowerCase();
    if (isListed) yield { id: accountId, name, domains: emailDomains ?? [] };
  }
}
