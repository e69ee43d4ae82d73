import { readFileSync } from 'node:fs';
import { connect, type Server, type Socket } from 'node:net';
import { createServer } from 'node:tls';
import { makeCertificate } from '../certificate.ts';

export type TlsFront = { port: number; certificate: string; stop: () => Promise<void> };

/**
 * Takes TLS on 127.0.0.1 for `hosts` and hands the bytes on to the sandbox at `sandboxPort`, which speaks plain HTTP.
 */
export async function startTlsFront(folder: string, hosts: readonly string[], sandboxPort: number): Promise<TlsFront> {
  const { file, key } = makeCertificate(
    folder,
    hosts.map((host) => `DNS:${host}`),
  );
  const open = new Set<Socket>();
  const front: Server = createServer({ cert: readFileSync(file), key: readFileSync(key) }, (client) => {
    const sandbox = connect(sandboxPort, '127.0.0.1');
    for (const [from, to] of [[client, sandbox] as const, [sandbox, client] as const]) {
      open.add(from);
      // Whichever side ends or breaks, the other has nobody to speak with.
      from.once('error', () => to.destroy()).once('close', () => to.destroy() && open.delete(from));
      from.pipe(to);
    }
  });
  await new Promise<void>((resolve, reject) => {
    front.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const address = front.address();
  if (address === null || typeof address === 'string') throw new Error('the TLS front listens on no TCP port');
  return {
    port: address.port,
    certificate: file,
    stop: () =>
      new Promise((resolve) => {
        front.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}
