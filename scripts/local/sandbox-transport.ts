import { send, type Transport } from '../../lambdas/wire/transport.ts';

/**
 * Leads every request to `origin` instead of the vendor: method, path, query, body and headers as they are, the vendor's own
 * host in the Host header, by which the sandbox knows whom it is to be.
 */
export function sandboxTransport(origin: URL): Transport {
  return (wire, signal) => {
    const there = new URL(origin.origin);
    // Assigned, not parsed: a path that begins with two slashes would be taken for a host.
    there.pathname = wire.url.pathname;
    there.search = wire.url.search;
    return send(there, wire, signal, { host: wire.url.host });
  };
}
