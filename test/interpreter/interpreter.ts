import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import * as z from 'zod/mini';
import { lambdaError } from '../../lambdas/platform/lambda-error.ts';
import { loadDefinition } from '../../statemachine/definition.ts';
import { PYTHON } from './prepare.ts';

const PROGRAM = fileURLToPath(new URL('interpreter.py', import.meta.url));

const Ended = z.object({
  status: z.string(),
  output: z.optional(z.string()),
  error: z.optional(z.string()),
  cause: z.optional(z.string()),
  entered: z.array(z.string()),
});

/** The functions that there are, by name; what one throws is what it reports. */
export type Functions = ReadonlyMap<string, (input: unknown) => unknown>;

/** How an execution ended, and the states that it entered, in order. */
export type Interpreted = {
  execution: { status: 'succeeded'; output: unknown } | { status: 'failed'; error: string; cause: string };
  entered: string[];
};

export type Interpreter = { run: (name: string, input: unknown, functions: Functions) => Promise<Interpreted> };

/**
 * Starts moto's interpreter in a process of its own, with this process as its Lambda service. It runs one execution at
 * a time.
 */
export async function startInterpreter(): Promise<Interpreter> {
  let functions: Functions = new Map();
  const lambda = createServer(async (request, response) => {
    // Lambda sends it with every answer, and the interpreter tells it of a refusal.
    response.setHeader('x-amzn-requestid', randomUUID());
    const name = /^\/2015-03-31\/functions\/([\w-]+)\/invocations$/u.exec(request.url ?? '')?.[1] ?? '';
    const invoked = functions.get(name);
    if (invoked === undefined) {
      const refusal = { Type: 'User', Message: `Function not found: ${name}` };
      response.writeHead(404, { 'x-amzn-errortype': 'ResourceNotFoundException' }).end(JSON.stringify(refusal));
      return;
    }
    try {
      response.end(JSON.stringify((await invoked(await json(request))) ?? null));
    } catch (error) {
      const { name: errorType, message: errorMessage } = lambdaError(error);
      response.setHeader('X-Amz-Function-Error', 'Unhandled').end(JSON.stringify({ errorType, errorMessage }));
    }
  });
  await once(lambda.listen(0, '127.0.0.1'), 'listening');
  lambda.unref();
  const { port } = lambda.address() as AddressInfo;
  // It ends when its input does.
  const child = spawn(PYTHON, [PROGRAM], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: {
      AWS_ENDPOINT_URL_LAMBDA: `http://127.0.0.1:${port}`,
      AWS_DEFAULT_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_EC2_METADATA_DISABLED: 'true',
    },
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    run: async (name, input, scripted) => {
      functions = scripted;
      child.stdin.write(`${JSON.stringify({ definition: loadDefinition(), name, input })}\n`);
      const line = await lines.next();
      if (line.done === true) throw new Error('the interpreter ended without an answer');
      const { entered, ...ended } = z.parse(Ended, JSON.parse(line.value));
      return { execution: executionOf(ended), entered };
    },
  };
}

function executionOf({
  status,
  output,
  error,
  cause,
}: Omit<z.output<typeof Ended>, 'entered'>): Interpreted['execution'] {
  if (status === 'SUCCEEDED' && output !== undefined) return { status: 'succeeded', output: JSON.parse(output) };
  return { status: 'failed', error: error ?? status, cause: cause ?? '' };
}
