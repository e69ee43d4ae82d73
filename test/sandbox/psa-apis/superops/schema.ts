type Fields = Record<string, string>;
export type Product = 'msp' | 'it';

/** The part of the public GraphQL reference that is served. JSON members are leaves: they take no selection. */
const INPUTS: Record<string, Fields> = {
  ListInfoInput: { page: 'Int', pageSize: 'Int', condition: 'RuleConditionInput', sort: '[SortInput]' },
  RuleConditionInput: { attribute: 'String', operator: 'String', value: 'JSON' },
  SortInput: { attribute: 'String', order: 'SortOrder' },
  TicketIdentifierInput: { ticketId: 'ID!' },
  GetClientUserListInput: { listInfo: 'ListInfoInput', clientId: 'ID' },
  FieldIdentifierInput: { id: 'ID', columnName: 'String', module: 'String!' },
  OwnerInput: { accountId: 'ID!' },
  SiteInput: { id: 'ID!' },
  GroupInput: { groupId: 'ID!' },
  UserInput: { userId: 'ID!' },
  CreateAttachmentInput: { fileName: 'String!', originalFileName: 'String!', fileSize: 'String!' },
  CreateTicketNoteInput: {
    ticket: 'TicketIdentifierInput!',
    content: 'String!',
    attachments: '[CreateAttachmentInput]',
    privacyType: 'NotePrivacyType',
  },
};
const TICKET_INPUT: Fields = {
  subject: 'String!',
  description: 'String',
  descriptionAttachments: '[CreateAttachmentInput]',
  requester: 'UserInput',
  techGroup: 'GroupInput',
  technician: 'UserInput',
  ...Object.fromEntries(
    ['status', 'requestType', 'priority', 'impact', 'urgency', 'category', 'subSource', 'sourceReferenceId'].map(
      (name) => [name, 'String'],
    ),
  ),
  customFields: 'JSON',
};
const TICKET_INPUTS: Record<Product, Fields> = {
  msp: { ...TICKET_INPUT, client: 'OwnerInput!', site: 'SiteInput', source: 'TicketSource!' },
  it: { ...TICKET_INPUT, site: 'SiteInput!', source: 'String!' },
};
const ENUMS: Record<string, string[]> = {
  SortOrder: ['ASC', 'DESC'],
  NotePrivacyType: ['PUBLIC', 'PRIVATE'],
  TicketSource: ['FORM', 'AGENT', 'EMAIL', 'AI', 'PHONE', 'INTEGRATION'],
};
const ATTACHED = '[Attachment]';
const OBJECTS: Record<string, Fields> = {
  ...listOf('ClientList', 'clients', 'Client'),
  ...listOf('SiteList', 'sites', 'Site'),
  ...listOf('TicketList', 'tickets', 'Ticket'),
  ...listOf('ClientUserList', 'userList', 'ClientUser'),
  ...listOf('ClientContractList', 'clientContracts', 'ClientContract'),
  ...listOf('ServiceItemList', 'items', 'ServiceItem'),
  ClientContract: {
    ...leaves('contractId', 'client', 'startDate', 'endDate', 'contractStatus'),
    contract: 'Contract!',
  },
  Contract: {
    ...leaves('contractId', 'name', 'description', 'contractType'),
    billableContract: 'BillableContract',
  },
  BillableContract: {
    ...leaves('contractId', 'chargeItem', 'quantityCalculationType', 'provisionRule', 'sellingPriceOverridden'),
    ...leaves('discountRate', 'frequencyType', 'includedItems', 'billableSiteType', 'sites'),
    ...{ sellingPrice: 'PricingModel', recurringContract: 'RecurringContract', changes: '[QuantityChange]' },
  },
  PricingModel: { ...leaves('model'), details: '[PriceDetail]' },
  PriceDetail: leaves('value', 'afterHoursValue'),
  RecurringContract: leaves(
    'recurringMode',
    'frequencyDurationUnit',
    'frequencyInterval',
    'billingOffset',
    'nextBillDate',
  ),
  QuantityChange: leaves('changeId', 'effectiveDate', 'endDate', 'quantity', 'quantityChangeOperation'),
  ServiceItem: leaves('itemId', 'name', 'description', 'quantityType', 'unitPrice', 'costPrice'),
  ListInfo: leaves('page', 'pageSize', 'hasMore', 'totalCount'),
  Client: leaves('accountId', 'name', 'stage', 'status', 'emailDomains'),
  Site: leaves('id', 'name'),
  ClientUser: leaves('userId', 'name', 'email', 'client'),
  Ticket: leaves(
    'ticketId',
    'displayId',
    'subject',
    'status',
    'client',
    'site',
    'requester',
    'techGroup',
    'createdTime',
  ),
  Attachment: leaves('fileName', 'originalFileName', 'fileSize'),
  TicketConversation: { ...leaves('conversationId', 'content', 'time', 'user', 'type'), attachments: ATTACHED },
  Note: { ...leaves('noteId', 'addedBy', 'addedOn', 'content', 'privacyType'), attachments: ATTACHED },
  Named: leaves('id', 'name'),
  TechnicianGroup: leaves('groupId', 'name'),
  Field: { ...leaves('id', 'columnName', 'label'), options: '[Option]' },
  Option: leaves('id', 'value'),
};
/** What an operation takes as `input` and what it gives; no type where it takes nothing. */
const OPERATIONS: Record<string, { takes?: string; gives: string; mutates?: true }> = {
  getClientList: { takes: 'ListInfoInput!', gives: 'ClientList' },
  getSiteList: { takes: 'ListInfoInput!', gives: 'SiteList' },
  getTicketList: { takes: 'ListInfoInput!', gives: 'TicketList' },
  getClientContractList: { takes: 'ListInfoInput', gives: 'ClientContractList' },
  getServiceItemList: { takes: 'ListInfoInput!', gives: 'ServiceItemList' },
  getClientUserList: { takes: 'GetClientUserListInput!', gives: 'ClientUserList' },
  getTicketConversationList: { takes: 'TicketIdentifierInput!', gives: 'TicketConversation' },
  getTicket: { takes: 'TicketIdentifierInput!', gives: 'Ticket' },
  getTicketNoteList: { takes: 'TicketIdentifierInput!', gives: 'Note' },
  getStatusList: { gives: 'Named' },
  getPriorityList: { gives: 'Named' },
  getTechnicianGroupList: { gives: 'TechnicianGroup' },
  getFields: { takes: '[FieldIdentifierInput!]!', gives: 'Field' },
  createTicket: { takes: 'CreateTicketInput!', gives: 'Ticket', mutates: true },
  createTicketNote: { takes: 'CreateTicketNoteInput!', gives: 'Note', mutates: true },
};

/** The operation that a document asks for, or what GraphQL says is wrong with the document or its variables. */
export function operationOf(
  document: string,
  variables: Record<string, unknown>,
  product: Product,
): { operation: string } | { fault: string } {
  const [, kind, declared, operation = '', handed, selection = ''] =
    /^\s*(query|mutation)\s*(?:\(\s*\$input:\s*([^)\s]+)\s*\))?\s*\{\s*(\w+)\s*(\(input:\s*\$input\))?\s*\{(.*)\}\s*\}\s*$/su.exec(
      document,
    ) ?? [];
  if (kind === undefined) return { fault: 'Invalid syntax' };
  const known = Object.hasOwn(OPERATIONS, operation) ? OPERATIONS[operation] : undefined;
  if (known === undefined || (known.mutates === true) !== (kind === 'mutation'))
    return { fault: `Field '${operation}' is undefined` };
  // A variable that is never null fits where null is allowed.
  if (
    (declared !== known.takes && declared !== `${known.takes}!`) ||
    (handed !== undefined) !== (known.takes !== undefined)
  )
    return { fault: `Variable 'input' is not of type ${known.takes}` };
  const fault = selectionFault(selection, known.gives);
  if (fault !== undefined) return { fault };
  if (known.takes !== undefined && !fits(known.takes, variables.input, product))
    return { fault: `Variable 'input' has an invalid value` };
  return { operation };
}

/** Walks selection and types together; every object needs a selection, no leaf takes one. */
function selectionFault(selection: string, type: string): string | undefined {
  const words = selection.match(/[{}]|\w+/gu) ?? [];
  const types = [type];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === '}') {
      types.pop();
      continue;
    }
    const field = OBJECTS[types.at(-1) ?? '']?.[word];
    if (field === undefined) return `Field '${word}' in type '${types.at(-1)}' is undefined`;
    const opens = words[at + 1] === '{';
    if (field === 'leaf' && opens) return `Subselection not allowed on leaf type of field '${word}'`;
    if (field !== 'leaf' && !opens) return `Subselection required for type of field '${word}'`;
    if (!opens) continue;
    types.push(bare(field));
    at += 1;
  }
  return undefined;
}

/** True if a variable's value is one of the type. */
function fits(type: string, value: unknown, product: Product): boolean {
  if (type.endsWith('!')) return value !== undefined && value !== null && fits(type.slice(0, -1), value, product);
  if (value === undefined || value === null) return true;
  if (type.startsWith('['))
    return Array.isArray(value) && value.every((each) => fits(type.slice(1, -1), each, product));
  if (ENUMS[type] !== undefined) return ENUMS[type].some((each) => each === value);
  switch (type) {
    case 'JSON':
      return true;
    case 'Int':
      return Number.isInteger(value);
    case 'String':
      return typeof value === 'string';
    case 'ID':
      return typeof value === 'string' || Number.isInteger(value);
  }
  const fields = type === 'CreateTicketInput' ? TICKET_INPUTS[product] : INPUTS[type];
  if (fields === undefined || typeof value !== 'object' || Array.isArray(value)) return false;
  const members = Object.entries(value);
  if (members.some(([name]) => !Object.hasOwn(fields, name))) return false;
  const byName = new Map(members);
  return Object.entries(fields).every(([name, of]) => fits(of, byName.get(name), product));
}

const bare = (type: string): string => type.replace(/[[\]!]/gu, '');

function leaves(...names: string[]): Fields {
  return Object.fromEntries(names.map((name) => [name, 'leaf']));
}

function listOf(name: string, rows: string, row: string): Record<string, Fields> {
  return { [name]: { [rows]: `[${row}]`, listInfo: 'ListInfo' } };
}
