import type { CustomerCount } from '../report/collection.ts';
import type { Column } from '../report/column.ts';
import { ReportError } from '../report/errors.ts';
import { marksOf } from '../report/identity-marks.ts';
import { byText } from '../report/order.ts';
import {
  type Draft,
  type DraftSnapshot,
  finishDraft,
  isUnlistedFailure,
  mergeDraft,
  newDraft,
  renameColumns,
  restoreDraft,
  setExcluded,
  setFailed,
  setGap,
  setName,
  snapshotDraft,
  sumOf,
} from './customer-draft.ts';
import { type Fact, isCount } from './facts.ts';
import { Remarks, type RemarksSnapshot } from './remarks.ts';
import { oneSpelling } from './spelling.ts';

/** All vendors that sell by product together stay below the 16,384 columns that a workbook can have. */
const MOST_PRODUCTS = 2_500;

/** A tally at rest: what a paused collection keeps until it resumes. */
export type TallySnapshot = {
  customers: DraftSnapshot[];
  products: Column[];
  remarks: RemarksSnapshot;
  /** Customers that may hide others, under the name that checkpoints of every version have. */
  partners: string[];
  keys: [string, number | null][];
};

/**
 * Adds facts up, customer by customer, whatever their order: a count may come before its customer's name.
 * Errors: `VendorContractError` for a customer without id, for more products than a report can have columns, and, at
 * the end, for counts of a customer that the vendor never listed.
 */
export class Tally {
  readonly #customers = new Map<string, Draft>();
  readonly #products = new Map<string, Column>();
  readonly #remarks = new Remarks();
  readonly #hiding = new Set<string>();
  /** What each keyed count added, so that a key that two tallies share still counts once; null if rows disagree. */
  readonly #keys = new Map<string, number | null>();

  /** Customers that may hide others. */
  get hiding(): ReadonlySet<string> {
    return this.#hiding;
  }

  /** Number of customers listed so far. */
  get customers(): number {
    return this.#customers.size;
  }

  add(fact: Fact): void {
    switch (fact.fact) {
      case 'customer': {
        const draft = this.#draft(fact.id);
        setName(draft, fact.name);
        for (const alias of fact.aliases) draft.aliases.add(alias);
        return;
      }
      case 'count':
        this.#count(fact);
        return;
      case 'text': {
        const texts = this.#draft(fact.customer).texts;
        const values = texts.get(fact.column) ?? new Set<string>();
        texts.set(fact.column, values.add(fact.value));
        return;
      }
      case 'gap':
        setGap(this.#draft(fact.customer), fact.column, fact.gap);
        return;
      case 'product':
        this.#product(fact.column);
        return;
      case 'excluded':
        setExcluded(this.#draft(fact.customer), fact.reason);
        return;
      case 'failed':
        setFailed(this.#draft(fact.customer), fact.failure);
        return;
      case 'identity': {
        const { identity } = this.#draft(fact.customer);
        for (const mark of marksOf(fact.identity)) identity.add(mark);
        return;
      }
      case 'hides':
        this.#hiding.add(fact.customer);
        return;
      case 'note':
        if (fact.customer === undefined) this.#remarks.note(fact.note);
        else this.#draft(fact.customer).notes.add(fact.note);
        return;
      case 'left-out':
      case 'usual':
        this.#remarks.add(fact);
        return;
      case 'subscription':
        // It goes to `details`, like units, and adds to no count.
        return;
    }
  }

  /** A value that cannot be a number of things makes its cell blank; it is neither subtracted nor ignored. */
  #count({ customer, column, value, key: once }: Extract<Fact, { fact: 'count' }>): void {
    if (!isCount(value)) {
      setGap(this.#draft(customer), column, { state: 'failed', reason: `the vendor reports ${value}` });
      return;
    }
    if (once !== undefined) {
      const key = keyOf(customer, column, once);
      const known = this.#keys.get(key);
      if (known !== undefined && known !== value) this.#dispute(key, known);
      if (known !== undefined) return;
      this.#keys.set(key, value);
    }
    sumOf(this.#draft(customer), column).add(value);
  }

  /** Adds everything that `other` holds. */
  merge(other: Tally): void {
    for (const column of other.#products.values()) this.#product(column);
    this.#remarks.merge(other.#remarks);
    for (const id of other.#hiding) this.#hiding.add(id);
    for (const [id, theirs] of other.#customers) {
      mergeDraft(this.#draft(id), theirs);
    }
    for (const [key, value] of other.#keys) {
      const ours = this.#keys.get(key);
      if (ours === undefined) this.#keys.set(key, value);
      else this.#takeBack(key, value);
      if (ours !== undefined && ours !== value) this.#dispute(key, ours);
    }
  }

  /** Products, notes and customers in a fixed order, so that equal facts give equal bytes. */
  result(): { columns: Column[]; customers: CustomerCount[]; notes: string[] } {
    const { columns, rename } = oneSpelling([...this.#products.values()]);
    for (const draft of this.#customers.values()) renameColumns(draft, rename);
    for (const { note, customer } of this.#remarks.ofCustomers()) this.#draft(customer).notes.add(note);
    const drafts = [...this.#customers.values()];
    // An odd row fails the customer that it names; one that the vendor does not list has no cell, so a remark names it.
    for (const { id } of drafts.filter(isUnlistedFailure)) {
      this.#remarks.note(`a row that cannot be read names customer ${id}, which the vendor does not list`);
    }
    return {
      columns,
      customers: drafts
        .filter((draft) => !isUnlistedFailure(draft))
        .map(finishDraft)
        .sort((a, b) => byText(a.id, b.id)),
      notes: this.#remarks.ofAll().sort(byText),
    };
  }

  snapshot(): TallySnapshot {
    return {
      customers: [...this.#customers.values()].map(snapshotDraft),
      products: [...this.#products.values()],
      remarks: this.#remarks.snapshot(),
      partners: [...this.#hiding],
      keys: [...this.#keys],
    };
  }

  /** The tally that `snapshot` described. */
  static restore(snapshot: TallySnapshot): Tally {
    const tally = new Tally();
    for (const draft of snapshot.customers) tally.#customers.set(draft.id, restoreDraft(draft));
    for (const column of snapshot.products) tally.#products.set(column.title, column);
    tally.#remarks.restore(snapshot.remarks);
    for (const id of snapshot.partners) tally.#hiding.add(id);
    for (const [key, value] of snapshot.keys) tally.#keys.set(key, value);
    return tally;
  }

  #product(column: Column): void {
    const before = this.#products.get(column.title);
    if (before === undefined || column.definition < before.definition) this.#products.set(column.title, column);
    if (this.#products.size <= MOST_PRODUCTS) return;
    throw new ReportError(
      'VendorContractError',
      `more than ${MOST_PRODUCTS} product columns, such as "${column.title}": a report cannot have a column for each; the vendor may ` +
        'name each subscription differently',
      { wide: true },
    );
  }

  #takeBack(key: string, value: number | null): void {
    if (value === null) return;
    const [customer, column] = partsOf(key);
    sumOf(this.#draft(customer), column).add(-value);
  }

  /**
   * One key cannot count twice with different values: nothing is counted for it, and its cell is blank with the reason.
   */
  #dispute(key: string, counted: number | null): void {
    const [customer, column, id] = partsOf(key);
    this.#takeBack(key, counted);
    this.#keys.set(key, null);
    const reason = `two rows of ${id} disagree on how many there are`;
    setGap(this.#draft(customer), column, { state: 'failed', reason });
  }

  #draft(id: string): Draft {
    const existing = this.#customers.get(id);
    if (existing !== undefined) return existing;
    const draft = newDraft(id);
    this.#customers.set(id, draft);
    return draft;
  }
}

const keyOf = (customer: string, column: string, id: string): string => JSON.stringify([customer, column, id]);

const partsOf = (key: string): [customer: string, column: string, id: string] => JSON.parse(key);
