import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Networks that are not on the internet: this host, local links, private networks, multicast and the reserved rest. */
const PRIVATE_IPV4: readonly [network: string, prefix: number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];
const PRIVATE_IPV6: readonly [network: string, prefix: number][] = [
  ['::', 127],
  ['64:ff9b:1::', 48],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];
/** Prefixes in which an IPv6 address carries an IPv4 one: mapped, and translated (RFC 6052). */
const CARRIERS = ['::ffff:', '64:ff9b::', '::'];

const privateNetworks = new BlockList();
for (const [network, prefix] of PRIVATE_IPV4) {
  privateNetworks.addSubnet(network, prefix, 'ipv4');
  for (const carrier of CARRIERS) privateNetworks.addSubnet(`${carrier}${network}`, 96 + prefix, 'ipv6');
}
for (const [network, prefix] of PRIVATE_IPV6) privateNetworks.addSubnet(network, prefix, 'ipv6');

/** Names of local networks, by custom or by RFC 6761 and 8375. */
const LOCAL_NAME = /(^|\.)(localhost|local|localdomain|internal|intranet|lan|home|corp|home\.arpa)$/u;

/**
 * True for an IP address, as text without brackets, that is not on the internet. False for text that is not an address.
 */
export function isPrivateAddress(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && privateNetworks.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

/**
 * True for a host, as in `URL.hostname`, that is a private address or a name of a local network: `localhost`, a name
 * without a dot, `*.local` and the like. What a public-looking name resolves to is seen only when the connection is
 * made.
 */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname
    .toLowerCase()
    .replace(/^\[|\]$/gu, '')
    .replace(/\.$/u, '');
  if (isIP(host) !== 0) return isPrivateAddress(host);
  return !host.includes('.') || LOCAL_NAME.test(host);
}

/** A name that should lead to the internet leads into a private network; repeating the request would not help. */
export class PrivateAddress extends Error {
  constructor(host: string) {
    super(`${host} leads to a private address`);
  }
}

/** Resolves names with `resolve`, and refuses a name if any of its addresses is private. */
export const publicOnly =
  (resolve: LookupFunction): LookupFunction =>
  (hostname, options, callback) => {
    resolve(hostname, options, (error, address, family) => {
      if (error !== null) return callback(error, address, family);
      const found = Array.isArray(address) ? address.map((entry) => entry.address) : [address];
      if (found.some(isPrivateAddress)) return callback(new PrivateAddress(hostname), '', 0);
      callback(null, address, family);
    });
  };

/** Resolves a name as a connection does. */
export const publicLookup: LookupFunction = publicOnly((hostname, options, callback) =>
  lookup(hostname, options, callback),
);
