import type { VendorApi } from '../../counting/vendor-api.ts';
import { type AppIdentity, CLOUDS, tenantToken } from '../../microsoft-entra.ts';

/** How tenants are entered. */
export type Entry = AppIdentity & {
  cloud: keyof typeof CLOUDS;
  authMode: 'clientCredentials' | 'refreshToken';
  refreshToken?: string | undefined;
};

/**
 * The API with credentials for one tenant, each requested when it is needed; `onRefreshToken` gets the newest refresh
 * token.
 */
export const entrance =
  (api: VendorApi, entry: Entry, onRefreshToken: (refreshToken: string) => Promise<void>) =>
  (tenantId: string): VendorApi => {
    const { login, graph } = CLOUDS[entry.cloud];
    return api.with({
      auth: tenantToken({
        url: `https://${login}/${tenantId}/oauth2/v2.0/token`,
        graph: `https://${graph}`,
        identity: entry,
        refreshToken: entry.authMode === 'refreshToken' ? entry.refreshToken : undefined,
        onRefreshToken,
      }),
    });
  };
