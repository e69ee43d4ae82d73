import * as z from 'zod/mini';
import {
  type NinjaoneSettings,
  ninjaoneAuth,
  ninjaoneBase,
  ninjaoneConfiguration,
  ninjaoneFaults,
  ninjaoneSecret,
  ninjaoneUserAuth,
} from '../../ninjaone.ts';
import { ReportError } from '../../report/errors.ts';
import type { ApiDeclaration } from '../../wire/request.ts';

const id = 'ninjaone';
const name = 'NinjaOne';

export type NinjaonePsaSettings = NinjaoneSettings & z.output<z.ZodMiniObject<typeof ninjaoneConfiguration>>;

/** Where to grant its scopes. */
export const SCOPES = 'Administration > Apps > API > Client App IDs > the app > Scopes';

/** How NinjaOne is reached, for tickets and for agreements. */
export const ninjaone = {
  id,
  name,
  secret: z.strictObject(ninjaoneSecret),
  configuration: z.strictObject(ninjaoneConfiguration),
  api: (settings: NinjaoneSettings): ApiDeclaration => {
    const [fault] = ninjaoneFaults(settings);
    if (fault !== undefined) throw new ReportError('ConfigurationError', `${id}: ${fault}`, { wide: true });
    const { refreshToken } = settings;
    return {
      name,
      base: ninjaoneBase(settings),
      auth:
        refreshToken === undefined
          ? ninjaoneAuth(settings, 'monitoring management')
          : ninjaoneUserAuth(settings, refreshToken),
      limit: { requests: 100, perSeconds: 60, concurrency: 1 },
      limitedSeconds: 5,
    };
  },
};
