import tls from 'node:tls';

/*
 * Loaded before our commands: the AWS SDK puts "sync-" before the host of StartSyncExecution, and an emulator on
 * 127.0.0.1 has no such name.
 */

const { connect } = tls;

Reflect.set(tls, 'connect', (options: tls.ConnectionOptions, ...rest: []) => {
  const { host } = options;
  return host?.startsWith('sync-') === true
    ? connect({ ...options, host: host.slice('sync-'.length), servername: '' }, ...rest)
    : connect(options, ...rest);
});
