import type { VendorApi } from '../../counting/vendor-api.ts';
import { type AppIdentity, tenantToken } from './tenant-token.ts';

/** National clouds: an app is registered in each, and its tokens are good there alone. */
export const CLOUDS = {
  global: { login: 'login.microsoftonline.com', graph: 'graph.microsoft.com' },
  'gcc-high': { login: 'login.microsoftonline.us', graph: 'graph.microsoft.us' },
  dod: { login: 'login.microsoftonline.us', graph: 'dod-graph.microsoft.us' },
  china: { login: 'login.chinacloudapi.cn', graph: 'microsoftgraph.chinacloudapi.cn' },
};

/** How tenants are entered. */
export type Entry = AppIdentity & {
  cloud: keyof typeof CLOUDS;
  authMode: 'clientCredentials' | 'refreshToken';
  refreshToken?: string | undefined;
};

/** The API with credentials for one tenant, each asked for once it is needed; `onRefreshToken` gets the newest refresh token. */
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
