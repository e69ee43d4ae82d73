import { isBase64 } from '../psa.ts';
import { formOf, jsonOf, type SandboxRequest, type SandboxResponse, type Server } from '../vendor.ts';

const LOGIN = 'login.microsoftonline.com';
const GRAPH = 'graph.microsoft.com';
const UPLOADS = 'outlook.office.com';
const LARGEST_REQUEST_BYTES = 4 * 1024 * 1024;
const SMALLEST_UPLOAD_BYTES = 3 * 1000 * 1000;

/** A mail as Exchange took it: its MIME, and the files that were put on its draft. */
export type TakenMail = { mime: Buffer; uploads: { name: string; bytes: Buffer }[] };

type Upload = { draft: string; name: string; size: number; bytes: Buffer };

/** What goes wrong at the next request of a kind; once. */
export type Mishap = {
  at: RegExp;
  /** `after`: it took effect, and the answer is another. */
  when: 'before' | 'after';
  answer: SandboxResponse;
};

export type GraphMail = Server & {
  secret: { partnerTenantId: string; clientId: string; clientSecret: string };
  rights: Set<string>;
  taken: TakenMail[];
  mishaps: Mishap[];
  requests: string[];
};

/**
 * Mail of Microsoft Graph for one mailbox: tokens, `sendMail` in its MIME form, drafts with upload sessions, the sent
 * items.
 */
export function graphMail(mailbox: string, rights: readonly string[] = ['Mail.Send']): GraphMail {
  const secret = {
    partnerTenantId: 'a3c1b1de-4b7e-4f0e-9d55-0c2f6f3f9a10',
    clientId: '6d1f6a52-8f0e-4b6f-9c0b-2b8b0d5a7e11',
    clientSecret: 'q7X8Q~canary+secret/of=the~mail~app',
  };
  const drafts = new Map<string, TakenMail>();
  const uploads = new Map<string, Upload>();
  const tokens = new Map<string, ReadonlySet<string>>();

  const server: GraphMail = {
    id: 'microsoft-365',
    secret,
    rights: new Set(rights),
    taken: [],
    mishaps: [],
    requests: [],
    answers: (host) => [LOGIN, GRAPH, UPLOADS].includes(host),
    handle(request) {
      const what = `${request.method} ${request.host}${request.path}`;
      server.requests.push(what);
      const at = server.mishaps.findIndex((mishap) => mishap.at.test(what));
      const [mishap] = at < 0 ? [] : server.mishaps.splice(at, 1);
      if (mishap?.when === 'before') return mishap.answer;
      const answer = route(request);
      return mishap?.answer ?? answer;
    },
  };

  function route(request: SandboxRequest): SandboxResponse {
    if (request.host === LOGIN) return grant(request);
    if (request.host === UPLOADS) return receive(request);
    if (request.body.byteLength > LARGEST_REQUEST_BYTES) {
      return fault(413, 'RequestEntityTooLarge', 'The request is larger than 4194304 bytes');
    }
    const granted = tokens.get(/^Bearer (.+)$/u.exec(request.headers.authorization ?? '')?.[1] ?? '');
    if (granted === undefined) return fault(401, 'InvalidAuthenticationToken', 'Access token is missing or unknown.');
    const [, user = '', rest = ''] = /^\/v1\.0\/users\/([^/]+)\/(.+)$/u.exec(request.path) ?? [];
    const may = (...any: string[]) => any.some((right) => granted.has(right));
    const endpoint = ENDPOINTS.find(({ method, path }) => method === request.method && path.test(rest));
    if (endpoint === undefined) return fault(404, 'ResourceNotFound', `no such call: ${request.method} ${rest}`);
    if (!may(...endpoint.rights))
      return fault(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.');
    if (decodeURIComponent(user) !== mailbox) {
      return fault(404, 'ErrorInvalidUser', `The requested user '${decodeURIComponent(user)}' is invalid.`);
    }
    return endpoint.answer(request, decodeURIComponent(endpoint.path.exec(rest)?.[1] ?? ''));
  }

  function grant(request: SandboxRequest): SandboxResponse {
    const form = formOf(request);
    const wrong = (code: number) => ({
      status: code === 7_000_215 ? 401 : 400,
      body: { error: 'invalid_client', error_description: `AADSTS${code}: refused`, error_codes: [code] },
    });
    if (request.path !== `/${secret.partnerTenantId}/oauth2/v2.0/token`) return wrong(90_002);
    if (form?.get('grant_type') !== 'client_credentials' || form.get('scope') !== `https://${GRAPH}/.default`) {
      return wrong(70_011);
    }
    if (form.get('client_id') !== secret.clientId) return wrong(700_016);
    if (form.get('client_secret') !== secret.clientSecret) return wrong(7_000_215);
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const token = `${part({ alg: 'none' })}.${part({ roles: [...server.rights], n: tokens.size })}.c2lnbmF0dXJl`;
    tokens.set(token, new Set(server.rights));
    return { status: 200, body: { token_type: 'Bearer', expires_in: 3_599, access_token: token } };
  }

  const ENDPOINTS: {
    method: string;
    path: RegExp;
    rights: string[];
    answer: (request: SandboxRequest, id: string) => SandboxResponse;
  }[] = [
    {
      ...{ method: 'POST', path: /^sendMail$/u, rights: ['Mail.Send'] },
      answer: (request) =>
        withMime(request, (mime) => {
          server.taken.push({ mime, uploads: [] });
          return { status: 202 };
        }),
    },
    {
      ...{ method: 'POST', path: /^messages$/u, rights: ['Mail.ReadWrite'] },
      answer: (request) =>
        withMime(request, (mime) => {
          const id = `AAMk/draft+${drafts.size}==`;
          drafts.set(id, { mime, uploads: [] });
          return { status: 201, body: { id, isDraft: true } };
        }),
    },
    {
      ...{ method: 'POST', path: /^messages\/([^/]+)\/attachments$/u, rights: ['Mail.ReadWrite'] },
      answer: (request, id) => {
        const draft = drafts.get(id);
        const file = new Map(Object.entries(jsonOf(request) ?? {}));
        const [name, content] = [file.get('name'), file.get('contentBytes')];
        if (draft === undefined) return fault(404, 'ErrorItemNotFound', 'no such draft');
        if (file.get('@odata.type') !== '#microsoft.graph.fileAttachment' || typeof name !== 'string') {
          return fault(400, 'RequestBodyRead', 'not a file attachment');
        }
        if (typeof content !== 'string' || !isBase64(content)) return fault(400, 'RequestBodyRead', 'contentBytes');
        draft.uploads.push({ name, bytes: Buffer.from(content, 'base64') });
        return { status: 201, body: { id: `att-${draft.uploads.length}`, name } };
      },
    },
    {
      ...{ method: 'POST', path: /^messages\/([^/]+)\/attachments\/createUploadSession$/u, rights: ['Mail.ReadWrite'] },
      answer: (request, id) => {
        const item = new Map(Object.entries(Object(Reflect.get(Object(jsonOf(request)), 'AttachmentItem'))));
        const [type, name, size] = [item.get('attachmentType'), item.get('name'), item.get('size')];
        if (!drafts.has(id)) return fault(404, 'ErrorItemNotFound', 'no such draft');
        if (type !== 'file' || typeof name !== 'string' || typeof size !== 'number') {
          return fault(400, 'RequestBodyRead', 'AttachmentItem');
        }
        if (size < SMALLEST_UPLOAD_BYTES) {
          return fault(400, 'ErrorAttachmentSizeShouldNotBeLessThanMinimumSize', `${size} bytes are too few`);
        }
        const token = `canary-upload-token-${uploads.size}`;
        uploads.set(token, { draft: id, name, size, bytes: Buffer.alloc(0) });
        const uploadUrl = `https://${UPLOADS}/api/v2.0/Users('x')/AttachmentSessions('y')?authtoken=${token}`;
        return { status: 201, body: { uploadUrl, nextExpectedRanges: ['0-'] } };
      },
    },
    {
      ...{ method: 'POST', path: /^messages\/([^/]+)\/send$/u, rights: ['Mail.Send'] },
      answer: ({ body }, id) => {
        const draft = drafts.get(id);
        if (draft === undefined) return fault(404, 'ErrorItemNotFound', 'no such draft');
        if (body.byteLength > 0) return fault(400, 'RequestBodyRead', 'no body is expected');
        drafts.delete(id);
        server.taken.push(draft);
        return { status: 202 };
      },
    },
    {
      ...{ method: 'GET', path: /^mailFolders\/sentitems$/u, rights: ['Mail.Read', 'Mail.ReadWrite'] },
      answer: () => ({ status: 200, body: { id: 'sentitems' } }),
    },
    {
      ...{ method: 'GET', path: /^mailFolders\/sentitems\/messages$/u, rights: ['Mail.Read', 'Mail.ReadWrite'] },
      answer: ({ query }) => {
        const id = /^internetMessageId eq '([^']+)'$/u.exec(query.get('$filter') ?? '')?.[1];
        if (id === undefined) return fault(400, 'ErrorInvalidUrlQueryFilter', 'the filter');
        const value = server.taken.flatMap(({ mime }, index) =>
          mime.toString().includes(`Message-ID: ${id}\r\n`) ? [{ id: `sent-${index}` }] : [],
        );
        return { status: 200, body: { value } };
      },
    },
  ];

  function withMime(request: SandboxRequest, take: (mime: Buffer) => SandboxResponse): SandboxResponse {
    const text = Buffer.from(request.body).toString('latin1');
    if (request.headers['content-type'] !== 'text/plain' || text === '' || !isBase64(text)) {
      return fault(400, 'ErrorMimeContentInvalidBase64String', 'Invalid base64 string for MIME content.');
    }
    const mime = Buffer.from(text, 'base64');
    const head = mime.toString().split('\r\n\r\n')[0] ?? '';
    if (!/^To: \S/mu.test(head)) return fault(400, 'ErrorInvalidRecipients', 'At least one recipient is not valid.');
    if (!/^From: (.*)$/mu.exec(head)?.[1]?.includes(mailbox)) {
      return fault(403, 'ErrorSendAsDenied', 'The account does not have the right to send as this address.');
    }
    return take(mime);
  }

  /** In order, each at most 4 MB, and without any credentials besides the address. */
  function receive({ method, query, headers, body }: SandboxRequest): SandboxResponse {
    const upload = uploads.get(query.get('authtoken') ?? '');
    if (method !== 'PUT' || upload === undefined || headers.authorization !== undefined) {
      return fault(401, 'InvalidAuthenticationToken', 'the address alone lets in');
    }
    const [, from, to, size] = /^bytes (\d+)-(\d+)\/(\d+)$/u.exec(headers['content-range'] ?? '') ?? [];
    const isNext = Number(from) === upload.bytes.length && Number(to) - Number(from) + 1 === body.byteLength;
    if (!isNext || Number(size) !== upload.size || body.byteLength > LARGEST_REQUEST_BYTES) {
      return fault(416, 'InvalidRange', `expected ${upload.bytes.length}-`);
    }
    upload.bytes = Buffer.concat([upload.bytes, body]);
    if (upload.bytes.length < upload.size) {
      return { status: 200, body: { nextExpectedRanges: [`${upload.bytes.length}-`] } };
    }
    drafts.get(upload.draft)?.uploads.push({ name: upload.name, bytes: upload.bytes });
    return { status: 201, headers: { location: `https://${UPLOADS}/api/v2.0/Attachments('z')` } };
  }

  return server;
}

const fault = (status: number, code: string, message: string): SandboxResponse => ({
  status,
  body: { error: { code, message, innerError: { 'request-id': '00000000-0000-0000-0000-000000000000' } } },
});
