import type * as z from 'zod/mini';
import type { Api } from '../../wire/api.ts';
import type { Call } from '../../wire/call.ts';
import type { Session } from '../../wire/session.ts';
import type { WireResponse } from '../../wire/transport.ts';
import type { DeliveryFile } from './order.ts';
import { FAULTS, type RefusalHabits, refusedFile, refusedTicket } from './refused.ts';

/** A PSA that is asked to make something, and how it refuses. */
export type Maker = {
  name: string;
  api: { send(method: 'POST', path: string, call: Call): Promise<WireResponse>; parse: Api['parse'] };
  session: Pick<Session, 'redactor'>;
  habits?: RefusalHabits;
  /** Faults whose words are read; `FAULTS` by default. */
  faults?: readonly number[];
  /** Recognizes a refusal that comes with a status of success. */
  isRefusal?: (answer: WireResponse) => boolean;
};

/** A PSA in use: its API and its settings. */
export type Desk<S = unknown> = Maker & { api: Api; settings: S };

/** Makes a ticket and resolves to its id. */
export type Create = () => Promise<string>;

/**
 * Sends a create call for a ticket; `accept` are the statuses by which the PSA refuses. Errors: as of `refusedTicket`.
 */
export async function makeTicket<T>(maker: Maker, path: string, call: Call, made: z.ZodMiniType<T>): Promise<T> {
  const answer = await sent(maker, path, call);
  if (isRefused(maker, answer)) throw refusedTicket(maker.name, answer, maker.session, maker.habits);
  return maker.api.parse(answer, made, 'POST', path);
}

/**
 * The same for a file; `remedy` says what to do if it is refused, `made` what its answer must hold. Errors: as of
 * `refusedFile`.
 */
export async function makeFile(
  maker: Maker,
  file: DeliveryFile,
  path: string,
  call: Call,
  { made, remedy = 'attach it by hand' }: { made?: z.ZodMiniType; remedy?: string } = {},
): Promise<void> {
  const answer = await sent(maker, path, call);
  if (isRefused(maker, answer)) throw refusedFile(maker.name, file, answer, maker.session, remedy, maker.habits);
  if (made !== undefined) maker.api.parse(answer, made, 'POST', path);
}

const sent = ({ api, faults = FAULTS }: Maker, path: string, call: Call): Promise<WireResponse> =>
  api.send('POST', path, { ...call, accept: [...(call.accept ?? []), ...faults] });

const isRefused = ({ isRefusal }: Maker, answer: WireResponse): boolean =>
  answer.status >= 400 || isRefusal?.(answer) === true;
