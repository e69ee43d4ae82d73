/*
 * undici's entry loads everything, fetch, caches and mocks included, and cannot be tree-shaken: three quarters more
 * than we use. So we import files by path, which have no types; a test compares them with the entry.
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
  /** Sends the request through `this` dispatcher. */
  export default function request(
    this: Dispatcher,
    options: Dispatcher.RequestOptions,
  ): Promise<Dispatcher.ResponseData>;
}
