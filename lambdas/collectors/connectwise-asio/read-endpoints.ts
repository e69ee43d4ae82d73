import type { Fact, Piece, Reading } from '../../counting/facts.ts';
import { Unread } from '../../counting/row-forms.ts';
import type { Verbs } from '../../counting/verbs.ts';
import { isReportError, ReportError } from '../../report/errors.ts';
import { RefusedAnswer } from '../../wire/refused-answer.ts';
import { allEndpoints, type Endpoint } from './endpoints.ts';
import { endpointsByCompany } from './groups.ts';

type Column = 'workstations' | 'servers' | 'network' | 'other';
type Saying = Verbs<Column>;

/** Statuses with which the route of version 1 refuses this key. */
const NOT_THIS_WAY = [403, 404, 410];

/** The most company ids in one call of version 2. */
const BATCH = 4;

function deviceFacts({ classed, count, failed }: Saying, owner: string, { endpointId, endpointType, name }: Endpoint) {
  if (endpointId instanceof Unread) return failed(owner, endpointId.reason);
  if (endpointType instanceof Unread) return failed(owner, endpointType.reason);
  const unit = { id: endpointId, name };
  return endpointType?.trim() ? classed(owner, endpointType.trim(), unit) : count(owner, 'other', 1, unit);
}

/**
 * Counts every device of the partner in one list. Returns false, and counts nothing, if the key is not allowed to read
 * it.
 */
export async function* readAtOnce(saying: Saying, ownerOf: (endpoint: Endpoint) => string): Reading<boolean> {
  let begun = false;
  try {
    yield* saying.read(allEndpoints, (row) => {
      begun = true;
      return deviceFacts(saying, ownerOf(row), row);
    });
    return true;
  } catch (error) {
    if (!begun && error instanceof RefusedAnswer && NOT_THIS_WAY.includes(error.status)) return false;
    throw error;
  }
}

/**
 * Counts the devices of these companies, four per call; `withoutDevices` gives the facts of a company that has none.
 */
export function readByCompany(
  saying: Saying,
  companies: Iterable<string>,
  withoutDevices: (company: string) => Iterable<Fact>,
): AsyncGenerator<Piece> {
  let method: 'GET' | 'POST' = 'POST';

  async function* devicesOf(asked: readonly string[]): Reading {
    const answered = new Set<string>();
    const used = method;
    const name = `${endpointsByCompany.path} ${asked.join(' ')}`;
    const json = { resourceType: 'company', resources: asked };
    try {
      yield* saying.read({ ...endpointsByCompany, name, json, method: used }, (row) => {
        const owner = typeof row.clientId === 'string' ? row.clientId : '';
        if (!asked.includes(owner)) throw strangerAmong(asked, owner);
        answered.add(owner);
        return deviceFacts(saying, owner, row);
      });
    } catch (error) {
      const status = answered.size === 0 && error instanceof RefusedAnswer ? error.status : undefined;
      // This refusal does not depend on the companies, so halving the batch would not help.
      if (isReportError(error) && status === 403) throw new ReportError(error.name, error.message, { cause: error });
      if (status !== 405 || used === 'GET') throw error;
      method = 'GET';
      yield* devicesOf(asked);
      return;
    }
    // That a company has no device is only believed if it was asked for alone.
    if (answered.size === 0 && asked.length > 1) for (const company of asked) yield* devicesOf([company]);
    else for (const company of asked) if (!answered.has(company)) yield* withoutDevices(company);
  }

  return saying.inBatches(companies, BATCH, devicesOf, 'companies');
}

const strangerAmong = (asked: readonly string[], owner: string): ReportError =>
  new ReportError('VendorContractError', `asked for the devices of ${asked.join(', ')}, answered for "${owner}"`);
