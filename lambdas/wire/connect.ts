import { connect, type Socket } from 'node:net';

/** Opens a connection for a protocol other than HTTP. Rejects if none is open after `milliseconds`. */
export type Connect = (host: string, port: number, milliseconds: number) => Promise<Socket>;

/** Directly to the named host. */
export const directConnect: Connect = (host, port, milliseconds) =>
  new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const timer = setTimeout(
      () => socket.destroy(new Error(`no connection within ${Math.ceil(milliseconds / 1000)} s`)),
      milliseconds,
    );
    socket.once('error', reject);
    socket.once('close', () => clearTimeout(timer));
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.off('error', reject);
      resolve(socket);
    });
  });

const NO_CONNECTION =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$|CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|ALTNAME/u;

/**
 * True for a fault after which nothing can have left this machine: no connection was made, or none that was trusted.
 */
export const neverConnected = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && NO_CONNECTION.test(String(error.code));
