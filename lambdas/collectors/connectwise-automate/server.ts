import { isPrivateHost } from '../../wire/private-network.ts';

/** What is wrong with a server's address, one sentence per fault. */
export function faultsOfServer(serverUrl: string, allowPrivateNetwork: boolean): string[] {
  const url = URL.canParse(serverUrl) ? new URL(serverUrl) : undefined;
  if (url === undefined || url.protocol !== 'https:' || url.href !== `${url.origin}/`) {
    return ['serverUrl: expected https:// and a host, without a path (https://yourname.hostedrmm.com)'];
  }
  if (allowPrivateNetwork || !isPrivateHost(url.hostname)) return [];
  return [
    `serverUrl: ${url.hostname} is in a private network, and credentials are not sent there; ` +
      'if that is intended, set allowPrivateNetwork',
  ];
}
