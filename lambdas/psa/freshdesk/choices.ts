import * as z from 'zod/mini';
import type { ReportError } from '../../report/errors.ts';
import type { Api } from '../../wire/api.ts';
import { type Choice, chooseOr } from '../delivery/choose.ts';
import { unlessUnserved } from '../delivery/unserved.ts';

/** A configured value, and the error for one that cannot be used, which names its field. */
export type Wanted = { value: string | number; refusal: (what: string) => ReportError };

/** Every account has these; further statuses have the numbers from 6. */
const STATUSES = [
  { id: 2, name: 'Open' },
  { id: 3, name: 'Pending' },
  { id: 4, name: 'Resolved' },
  { id: 5, name: 'Closed' },
];
const PRIORITIES = [
  { id: 1, name: 'Low' },
  { id: 2, name: 'Medium' },
  { id: 3, name: 'High' },
  { id: 4, name: 'Urgent' },
];
const OPEN = 2;
const LOW = 1;

const Fields = z.array(z.object({ name: z.string(), choices: z.optional(z.unknown()) }));
/** Choices of a field: texts alone, or (status) several texts by number, of which agents see the first. */
const Choices = z.union([
  z.pipe(
    z.array(z.string()),
    z.transform((names): Choice[] => names.map((name) => ({ id: name, name }))),
  ),
  z.pipe(
    z.record(z.string(), z.array(z.string())),
    z.transform((names): Choice[] =>
      Object.entries(names).flatMap(([id, [name]]) => (name === undefined ? [] : [{ id: Number(id), name }])),
    ),
  ),
]);

/** The account's own choices by field; none for an agent who cannot see them. */
async function accountChoices(api: Api): Promise<ReadonlyMap<string, readonly Choice[]>> {
  const fields = await unlessUnserved(() => api.get('/ticket_fields', { schema: Fields }));
  return new Map(
    (fields ?? []).flatMap(({ name, choices }): [string, Choice[]][] => {
      const read = z.safeParse(Choices, choices);
      return read.success ? [[name, read.data]] : [];
    }),
  );
}

const means = ({ value }: Wanted, choices: readonly Choice[]): boolean =>
  choices.some(({ name }) => name.toLowerCase() === String(value).trim().toLowerCase());

/** Status, priority and type as the create call takes them. Errors: those of `wanted`, with the valid names. */
export async function chosen(
  api: Api,
  wanted: { status: Wanted | undefined; priority: Wanted | undefined; type: Wanted | undefined },
): Promise<Record<string, unknown>> {
  const { status, priority, type } = wanted;
  let read: Promise<ReadonlyMap<string, readonly Choice[]>> | undefined;
  const ofField = async (field: string) => {
    read ??= accountChoices(api);
    return (await read).get(field);
  };

  const statusOf = async (): Promise<string | number> => {
    if (status === undefined) return OPEN;
    if (/^\d+$/u.test(String(status.value))) return Number(status.value);
    const choices = means(status, STATUSES) ? STATUSES : ((await ofField('status')) ?? STATUSES);
    return chooseOr(status.refusal, status.value, choices).id;
  };
  /** If the valid ones cannot be read, Freshdesk's own refusal lists them. */
  const typeOf = async ({ value, refusal }: Wanted): Promise<string> => {
    const choices = (await ofField('ticket_type')) ?? (await ofField('type'));
    return choices === undefined ? String(value) : chooseOr(refusal, value, choices).name;
  };

  return {
    status: await statusOf(),
    priority: priority === undefined ? LOW : chooseOr(priority.refusal, priority.value, PRIORITIES).id,
    ...(type === undefined ? {} : { type: await typeOf(type) }),
  };
}
