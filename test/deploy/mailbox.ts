import { createServer, type Socket } from 'node:net';

export type Mailbox = { port: number; messages: readonly Buffer[]; close: () => void };

const END = '\r\n.\r\n';

/** A mail server on 127.0.0.1 that takes whatever comes; the emulator passes on the mails that SES was given. */
export async function openMailbox(): Promise<Mailbox> {
  const messages: Buffer[] = [];
  const server = createServer((socket) => receive(socket, messages));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the mailbox listens on no TCP port');
  return { port: address.port, messages, close: () => server.close() };
}

/** As much of SMTP (RFC 5321) as one client needs: a greeting, a reply to each line, a message up to a dot alone. */
function receive(socket: Socket, messages: Buffer[]): void {
  let text = '';
  let inMessage = false;
  socket.setEncoding('latin1');
  socket.write('220 mailbox\r\n');
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    text += String(chunk);
    for (;;) {
      const mark = inMessage ? END : '\r\n';
      const at = text.indexOf(mark);
      if (at < 0) return;
      const piece = text.slice(0, at);
      text = text.slice(at + mark.length);
      if (inMessage) {
        // A line that begins with a dot came with a second one.
        messages.push(Buffer.from(piece.replace(/^\.\./gmu, '.'), 'latin1'));
        inMessage = false;
        socket.write('250 taken\r\n');
      } else if (/^DATA/iu.test(piece)) {
        inMessage = true;
        socket.write('354 go on\r\n');
      } else if (/^QUIT/iu.test(piece)) {
        socket.end('221 bye\r\n');
      } else {
        socket.write('250 ok\r\n');
      }
    }
  });
}
