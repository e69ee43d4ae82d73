import { directTransport, send, type Transport } from '../../lambdas/wire/transport.ts';

/**
 * Sends every request to `origin` instead of the vendor: method, path, query, body and headers unchanged, the vendor's
 * own host in the Host header, by which the sandbox chooses the server.
 */
export function sandboxTransport(origin: URL): Transport {
  return (wire, signal) => {
    const there = new URL(origin.origin);
    // Assigned, not parsed: a path that begins with two slashes would be parsed as a host.
    there.pathname = wire.url.pathname;
    there.search = wire.url.search;
    return send(there, wire, signal, { host: wire.url.host });
  };
}

/** To the sandbox at this address or, without one, to the vendors themselves. */
export const transportTo = (sandbox: URL | undefined): Transport =>
  sandbox === undefined ? directTransport : sandboxTransport(sandbox);
