import * as z from 'zod/mini';
import type { Fact } from '../../counting/facts.ts';
import type { RunContext } from '../../counting/run-context.ts';
import type { Verbs } from '../../counting/verbs.ts';
import { dayIn, daysAfter, readInstant } from '../../report/day.ts';
import { isReportError } from '../../report/errors.ts';

const Token = z.object({ data: z.object({ expiresAt: z.nullable(z.string()) }) });

const WARN_DAYS = 30;

/** Warns before the token ends. No count depends on this: if the token is not allowed to read it, a note says so. */
export async function* tokenEnd(
  { api, note }: Verbs<never>,
  apiToken: string,
  { asOf, timeZone }: Pick<RunContext, 'asOf' | 'timeZone'>,
): AsyncGenerator<Fact> {
  try {
    const details = { json: { data: { apiToken } }, reads: true, schema: Token };
    const { expiresAt } = (await api.post('/users/api-token-details', details)).data;
    const end = expiresAt === null ? null : readInstant(expiresAt);
    if (end === null) return;
    const day = dayIn(end, timeZone);
    if (day < daysAfter(dayIn(asOf, timeZone), WARN_DAYS)) {
      yield note(`the API token expires on ${day}: create a new service user before then`);
    }
  } catch (error) {
    if (!isReportError(error)) throw error;
    yield note(`the expiry date of the API token could not be read: ${error.message}`);
  }
}
