import { type CredentialEnd, credentialEnds } from '../wire/credential-end.ts';

const DAY_MILLISECONDS = 86_400_000;

/** Time enough to get a new key from whoever may make one. */
const WARNING_DAYS = 30;

/** A sentence for each credential in the secret that ends soon, as seen from `asOf` (ISO 8601), or has ended. */
export function credentialNotes(secret: unknown, asOf: string): string[] {
  const now = Date.parse(asOf);
  return credentialEnds(secret)
    .filter(({ end }) => end - now < WARNING_DAYS * DAY_MILLISECONDS)
    .map((ending) => sentence(ending, now));
}

function sentence({ member, end }: CredentialEnd, now: number): string {
  const day = new Date(end).toISOString().slice(0, 10);
  const days = Math.floor((end - now) / DAY_MILLISECONDS);
  const when = days < 0 ? `ended on ${day}` : `ends on ${day}, in ${days === 1 ? '1 day' : `${days} days`}`;
  return `the credential ${member} ${when}: get a new one and store it in the secret`;
}
