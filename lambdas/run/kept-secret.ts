import * as z from 'zod/mini';
import type { RunContext } from '../counting/run-context.ts';
import type { Platform } from '../platform/platform.ts';
import type { Session } from '../wire/session.ts';
import { type Credentialed, readSecret } from './secret.ts';
import { secretLock } from './secret-lease.ts';

const AnyMembers = z.record(z.string(), z.unknown());

/** How an integration stores credentials that change with use; `owner` holds the lock meanwhile. */
export const keptSecret = (
  platform: Pick<Platform, 'objects' | 'secrets' | 'clock'>,
  integration: Credentialed,
  owner: string,
  session: Session,
): Pick<RunContext, 'keepSecret' | 'lockSecret'> => ({
  keepSecret: async (members) => {
    session.redactor.hide(members);
    const kept = z.parse(AnyMembers, await readSecret(platform.secrets, integration));
    await platform.secrets.write(integration.id, { ...kept, ...members });
  },
  lockSecret: secretLock(platform, integration, owner, session),
});
