import * as z from 'zod/mini';
import { guid, guidAsWritten } from '../../counting/ids.ts';
import type { SettingsOf } from '../../counting/vendor.ts';
import { certificateFaults } from '../../microsoft-entra.ts';
import { eitherOf, optional, preset, required } from '../../wire/options.ts';
import { GivenTenant } from './tenants.ts';

export const secret = {
  partnerTenantId: required('tenant id of the partner', guidAsWritten),
  clientId: required('Application (client) ID of the app registration', guidAsWritten),
  ...eitherOf(
    { clientSecret: required('its client secret') },
    {
      certificatePem: required('certificate uploaded to it, as PEM text'),
      privateKeyPem: required('the private key of that certificate, as PEM text'),
    },
  ),
  refreshToken: optional(
    z.string(),
    'with authMode refreshToken: the refresh token of the partner’s user; every use replaces it',
  ),
};

export const configuration = {
  authMode: preset(
    z.enum(['clientCredentials', 'refreshToken']),
    'clientCredentials',
    'whether the app reads a tenant with its own consent, or on behalf of a partner’s user',
  ),
  tenantSource: preset(z.enum(['contracts', 'gdap', 'explicit']), 'contracts', 'where the list of tenants comes from'),
  tenants: optional(
    z.array(GivenTenant).check(z.minLength(1)),
    'with tenantSource explicit: ids of the tenants to read, or objects with id and name',
  ),
  cloud: preset(z.enum(['global', 'gcc-high', 'dod', 'china']), 'global', 'the cloud that the tenants are in'),
  excludedSkuIds: preset(z.array(guid), [], 'SKU ids to leave out besides the free ones'),
  countedSkuIds: preset(
    z.array(guid),
    [],
    'SKU ids to count even if they are free, or belong to the tenant instead of its users',
  ),
  productNames: preset(z.record(guid, z.string()), {}, 'SKU id to name, for products that have no name here yet'),
};

export type Settings = SettingsOf<typeof secret, typeof configuration>;

/** What is wrong with the options as a whole, one sentence per fault, which names the option. */
export const faultsOf = ({ authMode, refreshToken, tenantSource, tenants, ...identity }: Settings): string[] => [
  ...(authMode === 'refreshToken' && refreshToken === undefined
    ? ['refreshToken: expected with authMode "refreshToken"']
    : []),
  ...((tenantSource === 'explicit') === (tenants === undefined)
    ? ['tenants: expected with tenantSource "explicit" only']
    : []),
  ...certificateFaults(identity),
];
