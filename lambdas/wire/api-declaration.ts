import type { Auth } from './auth.ts';
import type { Classify } from './classify.ts';
import type { HostPattern } from './hosts.ts';
import type { Limit } from './limit.ts';

/** A vendor's API as its collector describes it. */
export type ApiDeclaration = {
  /** Name in messages. */
  name: string;
  /** `https://host`, and the path that relative calls are below. */
  base: string;
  /** Further hosts that requests may go to; the host of `base` always may. */
  hosts?: readonly HostPattern[];
  /** Set if a person wrote the host: it must not lead into a private network. */
  publicOnly?: boolean;
  auth: Auth;
  /** Sent with every request. */
  headers?: Record<string, string>;
  limit: Limit;
  timeoutSeconds?: number;
  /** The least wait after a 429 that does not say how long. */
  limitedSeconds?: number;
  /** What a person does when the credentials are refused, if it is not just renewing or replacing them. */
  renewal?: string;
  classify?: Classify;
};
