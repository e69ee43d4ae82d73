import type { Company, DemoMsp } from './demo-msp.ts';
import type { SandboxRequest, SandboxResponse, TicketServer } from './vendor.ts';

/** A file as it lies at the PSA. */
export type StoredFile = { name: string; contentType: string; bytes: Uint8Array };

/** A ticket that came in through the API. */
export type StoredTicket = {
  id: string;
  title: string;
  /** The text as it was sent: plain, or HTML. */
  description: string;
  companyId: string;
  board: string;
  status: string;
  attachments: StoredFile[];
};

/**
 * What the server does wrong, once: before it acts (nothing happens) or after it (it happened, the client cannot know;
 * with `seconds` it happens only so long after the answer).
 */
export type Mishap = { at: 'create' | 'attach'; when: 'before' | 'after'; seconds?: number; answer: SandboxResponse };

/** A PSA of the demo MSP: a strict little server, and what it holds. */
export type SandboxPsa = TicketServer & {
  /** Tickets made through the API, oldest first. */
  tickets(): readonly StoredTicket[];
  /** Loses a ticket, as when somebody deletes it. */
  forget(ticketId: string): void;
  /** Lets the next call of that kind go wrong; several queue up. */
  mishap(mishap: Mishap): void;
};

/** The ids of the MSP's companies at a PSA that gives them out in the order of the list. */
export const companyIds = (
  msp: DemoMsp,
  idOf: (index: number, company: Company) => string,
): TicketServer['customers'] =>
  msp.companies.map((company, index) => ({ id: idOf(index, company), company: company.id }));

/** The queue of mishaps and what they leave behind, for a server to consult. */
export function mishaps(now: () => number) {
  const queued: Mishap[] = [];
  const late: { at: number; act: () => void }[] = [];
  const forgotten = new Set<string>();
  return {
    forget: (ticketId: string): void => {
      forgotten.add(ticketId);
    },
    isThere: (ticketId: unknown): boolean => !forgotten.has(String(ticketId)),
    /** The server's answers, after whatever is due has taken effect. */
    timely:
      <A>(handle: (request: SandboxRequest) => A) =>
      (request: SandboxRequest): A => {
        for (const due of late.filter(({ at }) => at <= now())) {
          late.splice(late.indexOf(due), 1);
          due.act();
        }
        return handle(request);
      },
    add: (mishap: Mishap) => {
      queued.push(mishap);
    },
    /** Acts as the next mishap of this kind wants it. */
    around(at: Mishap['at'], act: () => SandboxResponse): SandboxResponse {
      const index = queued.findIndex((mishap) => mishap.at === at);
      const [mishap] = index === -1 ? [] : queued.splice(index, 1);
      if (mishap === undefined) return act();
      if (mishap.seconds !== undefined) late.push({ at: now() + mishap.seconds * 1000, act });
      else if (mishap.when === 'after') act();
      return mishap.answer;
    },
  };
}

/** Whole groups of four, padded: what decoders of servers take, and Node's own does not ask for. */
export const isBase64 = (text: string): boolean => text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/u.test(text);

/** One part of a form as a server reads it. */
export type FormPart = { name: string; filename?: string; contentType?: string; bytes: Uint8Array };

/** Reads a multipart/form-data body strictly; undefined if it is none or is malformed. */
export function formParts(contentType: string | undefined, body: Uint8Array): FormPart[] | undefined {
  const boundary = /^multipart\/form-data;\s*boundary="?([^";]{1,70})"?$/iu.exec(contentType ?? '')?.[1];
  if (boundary === undefined) return undefined;
  const text = Buffer.from(body).toString('latin1');
  const pieces = `\r\n${text}`.split(`\r\n--${boundary}`);
  if (pieces.length < 3 || pieces[0] !== '' || pieces.at(-1) !== '--\r\n') return undefined;
  const parts: FormPart[] = [];
  for (const piece of pieces.slice(1, -1)) {
    const [head = '', ...rest] = piece.split('\r\n\r\n');
    if (!piece.startsWith('\r\n') || rest.length === 0) return undefined;
    const headers = new Map(
      Buffer.from(head.slice(2), 'latin1')
        .toString('utf8')
        .split('\r\n')
        .map((line): [string, string] => {
          const colon = line.indexOf(':');
          return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
        }),
    );
    const disposition = headers.get('content-disposition') ?? '';
    const name = /^form-data; name="([^"]*)"/u.exec(disposition)?.[1];
    if (name === undefined) return undefined;
    const filename = /; filename="([^"]*)"/u.exec(disposition)?.[1];
    const type = headers.get('content-type');
    parts.push({
      name,
      ...(filename === undefined ? {} : { filename }),
      ...(type === undefined ? {} : { contentType: type }),
      bytes: Buffer.from(rest.join('\r\n\r\n'), 'latin1'),
    });
  }
  return parts;
}

/** The name that a delivered file has in the run's folder; at a PSA it bears a digest of its content too. */
export const nameInRun = (name: string): string => name.replace(/-[0-9a-f]{8}(?=\.)/u, '');
