import { tryRights } from '../wire/rights.ts';
import type { Checks } from './subject.ts';

/** Rights that are declared as a sentence: beginning to read shows whether the credentials work. */
export const inOne = (right: string, where: string, check: () => Promise<unknown>): Checks => ({
  checked: tryRights([{ right, where, check }], undefined),
  isInOne: true,
  unseen: [],
});
