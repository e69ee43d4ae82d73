import * as z from 'zod/mini';
import { aside } from '../../counting/row-forms.ts';
import { wholeNumber } from '../../counting/values.ts';
import type { VendorApi } from '../../counting/vendor-api.ts';
import { UnknownWord, words } from '../../counting/words.ts';

const answer = <T extends z.ZodMiniType>(response: T) => z.object({ stat: z.literal('OK'), response });

const Summary = answer(z.object({ user_count: wholeNumber, edition: aside(z.string()) }));
const Edition = answer(z.object({ edition: z.string() }));

/** Internal codes of editions and the names that people know. */
const nameOf = words('edition', {
  'Duo Essentials': ['ENTERPRISE'],
  'Duo Advantage': ['PLATFORM'],
  'Duo Premier': ['BEYOND'],
  'Duo Free': ['PERSONAL'],
});

/** An account's own figures: its users, and its edition if the summary has it. */
export async function summaryOf(child: VendorApi, account_id: string) {
  const { response } = await child.get('/admin/v1/info/summary', { query: { account_id }, schema: Summary });
  return { users: response.user_count, edition: response.edition || undefined };
}

/** The edition from the account's billing, which not every account is allowed to read. */
export async function billedEdition(child: VendorApi, account_id: string): Promise<string> {
  return (await child.get('/admin/v1/billing/edition', { query: { account_id }, schema: Edition })).response.edition;
}

/** The name of an edition; an unknown code is shown unchanged. */
export function editionName(edition: string): string {
  const name = nameOf(edition);
  return name instanceof UnknownWord ? edition : name;
}
