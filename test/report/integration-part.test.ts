import { expect, it } from 'vitest';
import * as z from 'zod/mini';
import type { Collection, CustomerCount } from '../../lambdas/report/collection.ts';
import type { Column } from '../../lambdas/report/column.ts';
import { candidateColumns, integrationPart } from '../../lambdas/report/integration-part.ts';
import { number } from '../columns.ts';
import { agents, collected, company } from './sample.ts';

const customerId = { name: 'customer id', schema: z.string() };
const entry = { id: 'acme', name: 'Acme', position: 1, customerId, columns: [number('Acme Users', 'users')] };

const customer = (more: Partial<Pick<CustomerCount, 'counts' | 'gaps'>>): CustomerCount => ({
  id: '1',
  aliases: [],
  name: 'Contoso',
  state: 'counted',
  counts: {},
  gaps: {},
  notes: [],
  ...more,
});

const columnsOf = (customers: CustomerCount[], columns: Column[] = []): Column[] => {
  const receipt = { requests: 1, pages: 1, rows: 1, distinct: 1, lists: [], comparisons: [] };
  const rest = { integration: 'acme', asOf: '2026-11-22T06:30:00Z', status: 'collected' as const, notes: [], receipt };
  const collection: Collection = { ...rest, columns, customers };
  return candidateColumns(entry, collection);
};

const titlesOf = (customers: CustomerCount[]): string[] =>
  columnsOf(customers).map(({ title, type }) => `${title}: ${type}`);

it('a number or a text under an undeclared title has a column all the same', () => {
  expect(titlesOf([customer({ counts: { 'Acme Seats': 3, 'Acme Plan': 'Gold' } })])).toEqual([
    'Acme Users: number',
    'Acme Plan: text',
    'Acme Seats: number',
  ]);
});

it('a cell that could not be read has a column even if nobody else has one: why it is blank must not be lost', () => {
  const gaps = { 'Acme Seats': { state: 'failed', reason: 'a subscription is not listed' } } as const;
  expect(titlesOf([customer({ gaps })])).toEqual(['Acme Users: number', 'Acme Seats: number']);
});

it('a column that the data brought along keeps its words, stands behind the fixed ones, and takes no fixed one’s place', () => {
  const product = (title: string): Column => ({
    title,
    type: 'number',
    appears: 'product',
    definition: 'active seats',
  });
  const brought = [product('Acme Zip'), product('Acme Users'), product('Acme Archive')];
  expect(columnsOf([customer({ counts: { 'Acme Zip': 1 } })], brought)).toEqual([
    number('Acme Users', 'users'),
    product('Acme Archive'),
    product('Acme Zip'),
  ]);
});

it('an undeclared column says whose word its title is', () => {
  expect(columnsOf([customer({ counts: { 'Acme Seats': 3 } })])[1]).toEqual({
    title: 'Acme Seats',
    type: 'number',
    appears: 'product',
    definition: 'as Acme names it',
  });
});

it('nothing is kept of a row that is complete, nor of a cell that is left out in a column that does not appear', () => {
  const gaps = { 'Agents Printers': { state: 'excluded', reason: 'not licensed' } } as const;
  const customers = [customer({ counts: { 'Agents Servers': 1 } }), { ...customer({ gaps }), id: '2' }];
  const rows = [company('a', { agents: ['1'] }), company('b', { agents: ['2'] })];
  const part = integrationPart(agents, collected('agents', customers), rows);
  expect(part).toMatchObject({ gaps: new Map(), notes: new Map() });
});
