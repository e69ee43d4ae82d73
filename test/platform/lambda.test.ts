import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { Logger } from '@aws-lambda-powertools/logger';
import { expect, test } from 'vitest';
import { lambdaHandler } from '../../lambdas/platform/lambda.ts';
import { lambdaError } from '../../lambdas/platform/lambda-error.ts';
import type { Step } from '../../lambdas/platform/platform.ts';
import { loadRegistry } from '../../lambdas/registry.ts';
import { ReportError } from '../../lambdas/report/errors.ts';
import { STATE_LIMIT_BYTES } from '../../scripts/local/engine.ts';
import { stage } from '../steps/stage.ts';

/** A handler around `step`, and every line it logs. */
async function lambda(step: Step) {
  const scene = await stage();
  scene.configure('secrets/acme.json', { apiKey: 'canary-of-acme' });
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const handler = lambdaHandler(step, 'acme', {
    platform: (progress) => ({ ...scene.platform, progress }),
    logger: (options) => {
      const logger = new Logger({ ...options, logLevel: 'INFO' });
      // Powertools writes to a console of its own; this is the one way to listen.
      Object.defineProperty(logger, 'console', { value: new Console(sink, sink) });
      return logger;
    },
  });
  const context = { functionName: 'collector-acme', awsRequestId: 'req-1', getRemainingTimeInMillis: () => 60_000 };
  return { lines, now: scene.platform.clock.now(), call: (event: unknown) => handler(event, context) };
}

const entries = (lines: readonly string[]): Record<string, unknown>[] => lines.map((line) => JSON.parse(line));

test('the step gets the event and a deadline 20 seconds before the end, and its answer is returned', async () => {
  let deadline = 0;
  const { call, lines, now } = await lambda(async (input, _, invocation) => {
    deadline = invocation.deadline;
    return { got: input };
  });
  expect(await call({ run: { runId: 'r7' } })).toEqual({ got: { run: { runId: 'r7' } } });
  expect(deadline).toBe(now + 40_000);
  expect(entries(lines).map(({ message }) => message)).toEqual(['step started', 'step finished']);
  for (const entry of entries(lines)) {
    expect(entry).toMatchObject({ request_id: 'req-1', run_id: 'r7', integration: 'acme', function: 'collector-acme' });
  }
});

test('an error leaves with our name, short and without a stack', async () => {
  const { call, lines } = await lambda(async () => {
    throw new ReportError('VendorAuthError', 'Acme refused the credentials');
  });
  const error = await call({}).then(String, (thrown: Error) => thrown);
  expect(error).toMatchObject({
    name: 'VendorAuthError',
    message: 'Acme refused the credentials',
    stack: 'VendorAuthError',
  });
  expect(entries(lines).at(-1)).toMatchObject({ level: 'ERROR', error_name: 'VendorAuthError' });
  expect(entries(lines).at(-1)).not.toHaveProperty('error_stack');
});

test('a secret that was read is in no log line and in no error', async () => {
  const { call, lines } = await lambda(async (_, platform) => {
    await platform.secrets.read('acme');
    platform.progress({ kind: 'waiting', integration: 'acme', seconds: 5, reason: 'limit for canary-of-acme' });
    throw new Error('odd answer to canary-of-acme');
  });
  const error = await call({}).then(String, (thrown: Error) => thrown);
  expect(error).toMatchObject({ name: 'Error', message: 'unexpected fault: odd answer to [secret]' });
  expect(lines).toHaveLength(3);
  expect(entries(lines).at(-1)?.error_stack).toMatch(/odd answer to \[secret\]\n +at /u);
  expect(lines.join('')).not.toContain('canary');
});

test('a secret that was written is not in any error either', async () => {
  const { call } = await lambda(async (_, platform) => {
    await platform.secrets.write('acme', { apiKey: 'canary-that-is-new' });
    throw new Error('odd answer to canary-that-is-new');
  });
  expect(await call({}).then(String, (thrown: Error) => thrown.message)).toBe(
    'unexpected fault: odd answer to [secret]',
  );
});

test('a step that exceeds its time fails with a message before Lambda ends it', async () => {
  const scene = await stage();
  const handler = lambdaHandler(() => new Promise(() => {}), undefined, {
    platform: () => scene.platform,
    logger: (options) => new Logger({ ...options, logLevel: 'SILENT' }),
  });
  const context = { functionName: 'f', awsRequestId: 'r', getRemainingTimeInMillis: () => 1010 };
  await expect(handler({}, context)).rejects.toMatchObject({ name: 'TimeoutError' });
});

test('a long message is cut in the error, and complete in the log', async () => {
  const { call, lines } = await lambda(async () => {
    throw new ReportError('ConfigurationError', 'x'.repeat(10_000));
  });
  const error = await call({}).then(String, (thrown: Error) => thrown);
  expect(error).toMatchObject({ message: `${'x'.repeat(4000)} … (cut)` });
  expect(entries(lines).at(-1)).toMatchObject({ error_message: 'x'.repeat(10_000) });
});

test.each(['ответ: "имя" 名前 ', '"', '\\', '\u0001', '😀', '\uD83D'])(
  'failures of all vendors and PSAs with long messages of %j fit into half a state',
  async (text) => {
    const { collectors, sources } = await loadRegistry();
    const failed = [...collectors, ...sources].map(({ id }) => {
      const { name, message, stack } = lambdaError(new ReportError('VendorContractError', text.repeat(5000)));
      expect(message.replace(/ … \(cut\)$/u, '')).toBe(text.repeat(5000).slice(0, message.length - 8));
      const cause = JSON.stringify({ errorType: name, errorMessage: message, trace: stack?.split('\n') });
      return { integration: id, reads: 'counts', status: 'failed', error: name, cause };
    });
    expect(Buffer.byteLength(JSON.stringify(failed))).toBeLessThan(STATE_LIMIT_BYTES / 2);
  },
);

test('figures are printed as lines that CloudWatch makes metrics of, without a secret', async () => {
  const printed: string[] = [];
  const scene = await stage();
  scene.configure('secrets/acme.json', { apiKey: 'canary-of-acme' });
  const handler = lambdaHandler(
    async (_, platform) => {
      await platform.secrets.read('acme');
      platform.progress({ kind: 'measured', figures: [{ metric: 'Failed', value: 1, integration: 'canary-of-acme' }] });
    },
    undefined,
    {
      platform: (progress) => ({ ...scene.platform, progress }),
      logger: (options) => new Logger({ ...options, logLevel: 'SILENT' }),
      print: (line) => printed.push(line),
    },
  );
  await handler({}, { functionName: 'f', awsRequestId: 'r', getRemainingTimeInMillis: () => 60_000 });
  expect(printed.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ Deployment: 'billing-count-report', Integration: '[secret]', Failed: 1 }),
  ]);
});
