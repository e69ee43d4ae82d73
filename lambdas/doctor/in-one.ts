import { tryRights } from '../wire/rights.ts';
import type { Checks } from './subject.ts';

/** Rights that are declared as a sentence: the reading is begun, which shows whether the credentials are good. */
export const inOne = (right: string, where: string, check: () => Promise<unknown>): Checks => ({
  checked: tryRights([{ right, where, check }], undefined),
  isInOne: true,
  unseen: [],
});
