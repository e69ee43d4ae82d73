import type { Collection } from './collection.ts';
import type { ErrorName } from './errors.ts';

/** How the collecting from one integration ended. */
export type Outcome =
  | { integration: string; outcome: 'not-installed' }
  | { integration: string; outcome: 'failed'; error: ErrorName; message: string }
  | { integration: string; outcome: 'collected'; collection: Collection };
