import net from 'node:net';
import tls from 'node:tls';

/*
 * Loaded before each Lambda that the emulator starts: whatever would go to a vendor over TLS goes to the sandbox, which
 * tells vendors apart by the Host header. The emulator itself, on the loopback address, is reached as it is. The
 * Lambdas' code has no part in this.
 */

const port = Number(process.env.SANDBOX_PORT);
const connect = tls.connect;

Reflect.set(tls, 'connect', (options: tls.ConnectionOptions, ...rest: []): net.Socket => {
  if (options.host === '127.0.0.1') return connect(options, ...rest);
  const socket = net.connect(port, '127.0.0.1');
  socket.once('connect', () => socket.emit('secureConnect'));
  return socket;
});
