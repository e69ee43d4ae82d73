import * as z from 'zod/mini';
import { aside, figure, itself, owner } from '../../counting/row-forms.ts';
import { readInstant } from '../../report/day.ts';
import { maybe } from '../../wire/forms.ts';
import { list } from '../../wire/lists.ts';
import { untilDeclared, untilNothingNew } from './paging.ts';

const date = maybe(z.string());

/** This server writes year 1 for a missing date. Errors: `VendorContractError` for an invalid date. */
export const isSet = (written: string | null | undefined): boolean =>
  Boolean(written) && readInstant(written ?? '', 'Z') !== null;

/*
 * How far a list was read is part of its paging, so that each reading makes its own. Records run to kilobytes.
 */

export const tenants = () =>
  list(
    '/tenants',
    {
      id: itself(z.int()),
      name: aside(z.string()),
      active: figure(z.boolean()),
      isMsp: aside(z.boolean()),
      markedForDeletionAtUtc: date,
    },
    untilNothingNew(),
  );

export const users = () =>
  list(
    '/users',
    {
      id: z.int(),
      tenantId: owner(z.int()),
      name: aside(z.string()),
      isExpired: figure(z.boolean()),
      azurePrincipalId: aside(z.string()),
    },
    untilNothingNew(),
  );

/** `heard` gets the number of computers that ImmyBot declares. */
export const computers = (heard: (total: number) => void) =>
  list(
    '/computers/paged',
    {
      id: z.int(),
      tenantId: owner(z.int()),
      computerName: aside(z.string()),
      // Null on plans that do not license by computer.
      licensed: figure(z.nullable(z.boolean())),
      deletedAt: date,
      isDevLab: z.boolean(),
      isSandbox: z.boolean(),
    },
    untilDeclared(heard),
  );
