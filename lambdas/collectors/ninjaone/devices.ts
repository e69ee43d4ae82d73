import * as z from 'zod/mini';
import { aside, figure, itself, owner } from '../../counting/row-forms.ts';
import { words } from '../../counting/words.ts';
import { maybe } from '../../wire/forms.ts';
import { keyset } from '../../wire/list-paging.ts';
import { list } from '../../wire/lists.ts';

const afterId = keyset('', 'after', ['pageSize', 1000]);

export const organizations = list('/v2/organizations', { id: itself(z.int()), name: aside(z.string()) }, afterId);

const device = {
  id: z.int(),
  organizationId: owner(z.int()),
  nodeClass: figure(z.string()),
  approvalStatus: figure(maybe(z.string())),
  systemName: aside(z.string()),
};
export const devices = list('/v2/devices', device, afterId);

/** Older instances do not send it; such nodes are approved. */
export const approvalOf = words(
  'approval status',
  { approved: ['APPROVED'], pending: ['PENDING'], staged: ['STAGED'], gone: ['DECOMMISSIONED'] },
  { absent: 'approved' },
);
