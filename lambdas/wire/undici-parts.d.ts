/*
 * undici's own entry loads all of it, fetch, caches and mocks included, and cannot be shaken: three quarters more than what is used
 * here. Its files are reached by their paths, which have no types of their own; a test holds them against the entry.
 */

declare module 'undici/lib/dispatcher/agent.js' {
  export { Agent as default } from 'undici';
}

declare module 'undici/lib/interceptor/decompress.js' {
  import { interceptors } from 'undici';

  const decompress: typeof interceptors.decompress;
  export default decompress;
}

declare module 'undici/lib/api/api-request.js' {
  import type { Dispatcher } from 'undici';
  /** Asks by `this` dispatcher. */
  export default function request(
    this: Dispatcher,
    options: Dispatcher.RequestOptions,
  ): Promise<Dispatcher.ResponseData>;
}
