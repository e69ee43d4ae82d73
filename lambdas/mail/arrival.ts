import { neverConnected } from '../wire/connect.ts';
import type { Transport } from '../wire/transport.ts';

/** Wraps a transport and remembers whether the last request to `host` can have arrived there. */
export function watchArrival(transport: Transport, host: string): { transport: Transport; mayHaveArrived(): boolean } {
  let arrived = false;
  return {
    mayHaveArrived: () => arrived,
    transport: async (wire, signal) => {
      if (wire.url.hostname !== host) return transport(wire, signal);
      arrived = true;
      try {
        return await transport(wire, signal);
      } catch (error) {
        if (neverConnected(error)) arrived = false;
        throw error;
      }
    },
  };
}
