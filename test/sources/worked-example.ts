import type { BilledLine, ReadSide } from '../../lambdas/billing/line.ts';
import type { SandboxRequest, SandboxResponse } from '../sandbox/vendor.ts';

/** What an API answers to a path, or how it makes that answer from the request. */
export type Answers = Record<string, object | ((request: SandboxRequest) => object)>;

/** Answers instead of a sandbox, by `GET /path`; what is not named goes to the sandbox (signing in). */
export const answering =
  (answers: Answers) =>
  (request: SandboxRequest): SandboxResponse | undefined => {
    const answer = answers[`${request.method} ${request.path}`];
    if (answer === undefined) return undefined;
    return { status: 200, body: typeof answer === 'function' ? answer(request) : answer };
  };

/** What could not be read, by the id of its customer. */
export const failuresIn = ({ customers }: ReadSide): Record<string, string> =>
  Object.fromEntries(customers.flatMap(({ id, failure }) => (failure === undefined ? [] : [[id, failure.message]])));

/**
 * Each line in one sentence, in alphabetical order: whose, what, how many, at what price, and what is special about it.
 */
export const inWords = ({ lines }: ReadSide): string[] => lines.map(sentence).sort();

function sentence(line: BilledLine): string {
  const { customer, product, quantity, price, currency, from, to, billable, kind, quantitySource, doubt } = line;
  return [
    `${customer.name}: ${product.code ?? product.name}`,
    'value' in quantity ? quantity.value : `unknown (${quantity.unknown})`,
    ...(price === undefined ? [] : [`at ${price.amount}${currency === undefined ? '' : ` ${currency}`}`]),
    ...(price === undefined || price.months === 1 ? [] : [`every ${price.months} months`]),
    `from ${from ?? 'ever'}`,
    ...(to === null ? [] : [`to ${to}`]),
    ...(billable ? [] : ['not charged']),
    ...(kind === 'other' ? ['not recurring'] : []),
    ...(quantitySource === 'fixed' ? [] : [quantitySource]),
    ...(doubt === undefined ? [] : [doubt.kind]),
  ].join(', ');
}
