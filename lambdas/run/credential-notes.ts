import { dayIn } from '../report/day.ts';
import { quantity } from '../report/quantity.ts';
import { type CredentialEnd, credentialEnds } from '../wire/credential-end.ts';

const DAY_MILLISECONDS = 86_400_000;

/** Enough time to get a new key from whoever can create one. */
const WARNING_DAYS = 30;

/** A credential that has expired or expires soon, in a sentence. */
export type Ending = { sentence: string; hasEnded: boolean };

/** The credentials in the secret that have expired by `asOf` (ISO 8601), or expire soon. */
export function endingCredentials(secret: unknown, asOf: string): Ending[] {
  const now = Date.parse(asOf);
  return credentialEnds(secret)
    .filter(({ end }) => end - now < WARNING_DAYS * DAY_MILLISECONDS)
    .map((ending) => ({ sentence: sentence(ending, now), hasEnded: ending.end < now }));
}

/** Their sentences. */
export const credentialNotes = (secret: unknown, asOf: string): string[] =>
  endingCredentials(secret, asOf).map((ending) => ending.sentence);

function sentence({ member, end }: CredentialEnd, now: number): string {
  const day = dayIn(end, 'UTC');
  const days = Math.floor((end - now) / DAY_MILLISECONDS);
  const when = days < 0 ? `expired on ${day}` : `expires on ${day}, in ${quantity(days, 'day')}`;
  return `the credential ${member} ${when}: get a new one and store it in the secret`;
}
