import { expect, test } from 'vitest';
import connectWise from '../../lambdas/psa/connectwise-psa.ts';
import dattoPsa from '../../lambdas/psa/datto-psa.ts';
import type { Psa } from '../../lambdas/psa/delivery/psa.ts';
import freshdesk from '../../lambdas/psa/freshdesk.ts';
import halo from '../../lambdas/psa/halopsa.ts';
import kaseyaBms from '../../lambdas/psa/kaseya-bms.ts';
import ninjaone from '../../lambdas/psa/ninjaone.ts';
import serviceNow from '../../lambdas/psa/servicenow.ts';
import superOps from '../../lambdas/psa/superops.ts';
import { type DemoMsp, demoMsp } from '../sandbox/demo-msp.ts';
import type { SandboxPsa } from '../sandbox/psa.ts';
import connectWiseServer from '../sandbox/psa-apis/connectwise-psa.ts';
import dattoServer from '../sandbox/psa-apis/datto-psa.ts';
import freshdeskServer from '../sandbox/psa-apis/freshdesk.ts';
import haloServer from '../sandbox/psa-apis/halopsa.ts';
import kaseyaServer from '../sandbox/psa-apis/kaseya-bms.ts';
import ninjaServer from '../sandbox/psa-apis/ninjaone.ts';
import serviceNowServer from '../sandbox/psa-apis/servicenow.ts';
import superOpsServer from '../sandbox/psa-apis/superops.ts';
import type { SandboxRequest } from '../sandbox/vendor.ts';
import { bench, FILES } from './psa-rig.ts';

type Make = (msp: DemoMsp, now: () => number) => SandboxPsa;
type Members = Record<string, unknown>;
type Alter = (request: SandboxRequest) => void;

const isRow = (value: unknown): value is Members => typeof value === 'object' && value !== null;

/** The JSON body with fields set, or removed if the value is undefined; in a list those of the first entry. */
const body =
  (changes: Members, within = ''): Alter =>
  (request) => {
    const whole: unknown = JSON.parse(Buffer.from(request.body).toString());
    const target = within
      .split('.')
      .reduce<unknown>(
        (at, name) => (name === '' ? at : isRow(at) ? at[name] : undefined),
        Array.isArray(whole) ? whole[0] : whole,
      );
    if (!isRow(target)) throw new Error(`the body has no ${within}`);
    Object.assign(target, changes);
    request.body = Buffer.from(JSON.stringify(whole));
  };
/** The bytes of the body with one text replaced by another. */
const bytes =
  (from: string | RegExp, to: string): Alter =>
  (request) => {
    const text = Buffer.from(request.body).toString('latin1');
    const altered = text.replace(from, to);
    if (altered === text) throw new Error(`the body has no ${from}`);
    request.body = Buffer.from(altered, 'latin1');
  };
const header =
  (name: string, value?: string): Alter =>
  (request) => {
    if (value === undefined) delete request.headers[name];
    else request.headers[name] = value;
  };
const query =
  (name: string, value?: string): Alter =>
  ({ query }) => {
    if (value === undefined) query.delete(name);
    else query.set(name, value);
  };

/**
 * What the PSA refuses according to its documents, in calls like ours: which call, what is altered, and words of the
 * refusal.
 */
const REFUSED: [psa: Psa, make: Make, call: RegExp, what: string, alter: Alter, words: RegExp][] = [
  [
    connectWise,
    connectWiseServer,
    /POST .*tickets$/u,
    'an unknown record type',
    body({ recordType: 'Zz' }),
    /recordType/u,
  ],
  [
    connectWise,
    connectWiseServer,
    /POST .*tickets$/u,
    'a summary over 100',
    body({ summary: 'x'.repeat(101) }),
    /summary/u,
  ],
  [
    connectWise,
    connectWiseServer,
    /POST .*documents$/u,
    'a part of another name',
    bytes('name="file"', 'name="f"'),
    /No file/u,
  ],
  [
    connectWise,
    connectWiseServer,
    /POST .*documents$/u,
    'a file without name',
    bytes(/filename="report[^"]*"/u, 'filename=""'),
    /No file/u,
  ],
  [
    connectWise,
    connectWiseServer,
    /POST .*documents$/u,
    'a flag that is none',
    bytes('\r\n\r\ntrue\r\n', '\r\n\r\nyes\r\n'),
    /privateFlag/u,
  ],
  [connectWise, connectWiseServer, /GET .*documents$/u, 'documents of no record type', query('recordType'), /400/u],
  [
    dattoPsa,
    dattoServer,
    /POST .*\/Tickets$/u,
    'a title over 255',
    body({ title: 'x'.repeat(256) }),
    /title is too long/u,
  ],
  [dattoPsa, dattoServer, /POST .*\/Tickets$/u, 'no due date', body({ dueDateTime: undefined }), /dueDateTime/u],
  [dattoPsa, dattoServer, /POST .*\/Tickets$/u, 'a queue in quotes', body({ queueID: '29690101' }), /queueID/u],
  [dattoPsa, dattoServer, /POST .*Attachments$/u, 'no file name', body({ fullPath: '' }), /fullPath/u],
  [dattoPsa, dattoServer, /POST .*Attachments$/u, 'base64 that lacks its end', body({ data: 'QUJ' }), /base64/u],
  [
    dattoPsa,
    dattoServer,
    /POST .*Tickets\/query$/u,
    'fields that are no list',
    body({ IncludeFields: 'id' }),
    /IncludeFields/u,
  ],
  [
    freshdesk,
    freshdeskServer,
    /GET .*\/tickets$/u,
    'an unknown parameter',
    query('colour', 'blue'),
    /invalid_field|colour/u,
  ],
  [freshdesk, freshdeskServer, /GET .*\/tickets$/u, 'an unknown order', query('order_by', 'colour'), /order_by/u],
  [
    freshdesk,
    freshdeskServer,
    /POST .*\/tickets$/u,
    'an unknown source',
    bytes('name="source"\r\n\r\n2', 'name="source"\r\n\r\n4'),
    /source/u,
  ],
  [
    freshdesk,
    freshdeskServer,
    /POST .*\/tickets$/u,
    'files under no list',
    bytes('name="attachments[]"', 'name="attachments"'),
    /array/u,
  ],
  [halo, haloServer, /POST .*token$/u, 'an unknown scope', bytes('scope=all', 'scope=al'), /invalid_scope/u],
  [
    halo,
    haloServer,
    /POST .*Tickets$/u,
    'mandatory fields to be checked',
    body({ _novalidate: undefined }),
    /Cost Centre/u,
  ],
  [
    halo,
    haloServer,
    /POST .*Tickets$/u,
    'a type that is not to be created',
    body({ tickettype_id: 77 }),
    /Ticket Type/u,
  ],
  [
    halo,
    haloServer,
    /POST .*Attachment$/u,
    'base64 that is none',
    body({ data_base64: 'data:text/csv,x' }),
    /HTTP 500/u,
  ],
  [kaseyaBms, kaseyaServer, /POST .*tickets$/u, 'a date that is none', body({ OpenDate: 'today' }), /OpenDate/u],
  [kaseyaBms, kaseyaServer, /POST .*tickets$/u, 'a title that is no text', body({ Title: 7 }), /Title/u],
  [
    kaseyaBms,
    kaseyaServer,
    /POST .*tickets$/u,
    'files that are no list',
    body({ TempAttachments: 'x' }),
    /TempAttachments/u,
  ],
  [
    kaseyaBms,
    kaseyaServer,
    /POST .*search$/u,
    'a number in quotes',
    body({ ExcludeCompleted: '0' }, 'Filter'),
    /integer/u,
  ],
  [
    kaseyaBms,
    kaseyaServer,
    /POST .*attachments\/3$/u,
    'the part name of the other call',
    bytes('name="File"', 'name="formFile"'),
    /File is required/u,
  ],
  [ninjaone, ninjaServer, /POST .*ticket$/u, 'a subject over 200', body({ subject: 'x'.repeat(201) }), /subject/u],
  [ninjaone, ninjaServer, /POST .*ticket$/u, 'a status as a number', body({ status: 1000 }), /status/u],
  [
    ninjaone,
    ninjaServer,
    /POST .*run$/u,
    'a search over 512',
    body({ searchCriteria: 'x'.repeat(513), sortBy: [], filters: [] }),
    /512/u,
  ],
  [
    ninjaone,
    ninjaServer,
    /POST .*comment$/u,
    'a comment of no type',
    bytes('\r\nContent-Type: application/json', ''),
    /application\/json/u,
  ],
  [
    ninjaone,
    ninjaServer,
    /POST .*comment$/u,
    'a comment that is mailed',
    bytes('"public":false', '"public":true '),
    /mails nothing/u,
  ],
  [
    serviceNow,
    serviceNowServer,
    /POST .*incident$/u,
    'no short description',
    body({ short_description: '' }),
    /Short description/u,
  ],
  [serviceNow, serviceNowServer, /POST .*incident$/u, 'no content type', header('content-type'), /415/u],
  [serviceNow, serviceNowServer, /POST .*attachment\/file$/u, 'a file without name', query('file_name'), /parameter/u],
  [
    serviceNow,
    serviceNowServer,
    /POST .*attachment\/file$/u,
    'a ticket of another table',
    query('table_name', 'problem'),
    /No Record/u,
  ],
  [superOps, superOpsServer, /createTicket\(/u, 'an unknown field', bytes('displayId', 'displayNo'), /displayNo/u],
  [
    superOps,
    superOpsServer,
    /createTicket\(/u,
    'members of a leaf',
    bytes('displayId', 'client { name }'),
    /leaf type/u,
  ],
  [
    superOps,
    superOpsServer,
    /createTicket\(/u,
    'another input type',
    bytes('CreateTicketInput!', 'TicketInput!'),
    /not of type/u,
  ],
  [
    superOps,
    superOpsServer,
    /createTicket\(/u,
    'an unknown field',
    body({ queue: 'Billing' }, 'variables.input'),
    /invalid value/u,
  ],
  [
    superOps,
    superOpsServer,
    /createTicket\(/u,
    'a source that is none',
    body({ source: 'API' }, 'variables.input'),
    /invalid value/u,
  ],
  [
    superOps,
    superOpsServer,
    /createTicket\(/u,
    'a size as a number',
    bytes(/"fileSize":"(\d+)"/u, '"fileSize":$1'),
    /invalid value/u,
  ],
  [
    superOps,
    superOpsServer,
    /POST \/upload/u,
    'an unknown module',
    bytes('TICKET_CONVERSATION', 'TICKET'),
    /unknown module/u,
  ],
];

for (const [psa, make, call, what, alter, words] of REFUSED) {
  test(`${psa.name} refuses ${what}`, async () => {
    let altered = 0;
    const { deliver, server } = bench(
      psa,
      (now) => make(demoMsp(), now),
      (request) => {
        const name = `${request.method} ${request.path}`;
        if (!call.test(name) && !call.test(Buffer.from(request.body).toString().slice(0, 120))) return undefined;
        alter(request);
        altered += 1;
        return undefined;
      },
    );
    await expect(deliver()).rejects.toThrow(words);
    expect(altered).toBeGreaterThan(0);
    const [ticket] = server.tickets();
    expect(ticket?.attachments.length ?? 0).toBeLessThan(FILES.length);
  });
}
