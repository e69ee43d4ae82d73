import { once } from 'node:events';
import { connect as connectSocket, type Socket } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { Connect } from '../../../lambdas/wire/connect.ts';
import type { VirtualClock } from '../../virtual-clock.ts';
import { selfSigned } from '../vendor-apis/microsoft-365/certificate.ts';

export const HOST = 'mail.northwind.example';
export const SECRET = {
  host: HOST,
  port: 587,
  username: 'canary-reports@northwind.example',
  password: 'canary pass+word/=1',
};
const { certificatePem, privateKeyPem } = selfSigned(HOST);
export const elsewhere = selfSigned('other.example');

// For as long as this process lives: whoever has these keys is in it.
setDefaultCACertificates([...getCACertificates('default'), certificatePem, elsewhere.certificatePem]);

/** A mail server that takes mail from its one user, over TLS alone. */
export async function mailServer(options: SMTPServerOptions = {}) {
  const taken: Buffer[] = [];
  const sockets = new Set<Socket>();
  let mishap: 'refuse' | 'loseAnswer' | undefined;
  const server = new SMTPServer({
    key: privateKeyPem,
    cert: certificatePem,
    disableReverseLookup: true,
    authMethods: ['PLAIN', 'LOGIN'],
    onAuth({ username, password }, _, done) {
      if (username === SECRET.username && password === SECRET.password) return done(null, { user: username });
      done(Object.assign(new Error(`535 5.7.8 not for ${username} with ${password}`), { responseCode: 535 }));
    },
    onRcptTo({ address }, _, done) {
      done(address.startsWith('nobody@') ? Object.assign(new Error('no such mailbox'), { responseCode: 550 }) : null);
    },
    onData(stream, _, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const now = mishap;
        mishap = undefined;
        if (now === 'refuse') {
          const plain = Buffer.from(`\0${SECRET.username}\0${SECRET.password}`).toString('base64');
          return done(Object.assign(new Error(`not this, ${SECRET.password}, ${plain}`), { responseCode: 554 }));
        }
        taken.push(Buffer.concat(chunks));
        if (now === 'loseAnswer') for (const socket of sockets) socket.destroy();
        else done(null, 'queued');
      });
    },
    ...options,
  });
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const address = server.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  server.server.on('connection', (socket: Socket) => sockets.add(socket));
  let gone = false;
  return {
    taken: () => taken,
    /** The wire: the host of the secret leads here. */
    connect: async (host: string) => {
      if (host !== HOST || gone)
        throw Object.assign(new Error(`connect ECONNREFUSED ${host}`), { code: 'ECONNREFUSED' });
      const socket = connectSocket(port, '127.0.0.1');
      await once(socket, 'connect');
      return socket;
    },
    refuse: () => {
      mishap = 'refuse';
    },
    loseAnswer: () => {
      mishap = 'loseAnswer';
    },
    vanish: () => {
      gone = true;
    },
    end: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** The same way, with the virtual time of `clock` held for as long as the connection lasts. */
export const holding =
  (clock: VirtualClock, connect: Connect): Connect =>
  async (...where) => {
    const socket = await connect(...where);
    void clock.hold(new Promise((resolve) => socket.once('close', resolve)));
    return socket;
  };
