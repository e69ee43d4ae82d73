import type { SandboxRequest } from '../sandbox/vendor.ts';
import type { Bench } from './run.ts';

/** The bench with good answers changed on their way out: `change` gets a copy of each body whose path matches. */
export function spoil<Body>(
  of: Bench,
  path: RegExp,
  change: (body: Body, request: SandboxRequest) => string | object,
): Bench {
  const { handle } = of.vendor;
  return {
    ...of,
    vendor: {
      ...of.vendor,
      handle: async (request) => {
        const response = await handle(request);
        if (response.status !== 200 || !path.test(request.path)) return response;
        const body: Body = JSON.parse(JSON.stringify(response.body));
        return { ...response, body: change(body, request) };
      },
    },
  };
}
