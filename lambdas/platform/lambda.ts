import { Logger } from '@aws-lambda-powertools/logger';
import middy, { type MiddlewareObj } from '@middy/core';
import { isReportError } from '../report/errors.ts';
import { memberOf } from '../report/record.ts';
import { Redactor } from '../wire/redact.ts';
import { lambdaError } from './lambda-error.ts';
import { metricLines } from './metrics.ts';
import { HEADROOM_MILLISECONDS, type Platform, type Progress, type Step } from './platform.ts';

/** The part of Lambda's context that is used. */
export type LambdaContext = {
  functionName: string;
  awsRequestId: string;
  getRemainingTimeInMillis: () => number;
};

export type LambdaHandler = (event: unknown, context: LambdaContext) => Promise<unknown>;

/** The parts of the handler; all but the platform are for tests. */
export type LambdaParts = {
  /** Made once per process, before the first event. */
  platform: (progress: (event: Progress) => void) => Platform;
  logger?: (options: ConstructorParameters<typeof Logger>[0]) => Logger;
  /** Writes a line to the function's log unchanged: the console would prefix it. */
  print?: (line: string) => void;
};

/** If a step did not stop by itself, the handler fails this long before the timeout, so that there is a message. */
const LAST_WORD_MILLISECONDS = 1_000;

/**
 * The Lambda handler of a step, or of an integration's step: one structured log line at its start, its end and every
 * wait, with request id, run id and integration; no secrets in any line or error; errors in the shape that Retry and
 * Catch match.
 */
export function lambdaHandler(step: Step, integration: string | undefined, parts: LambdaParts): LambdaHandler {
  const redactor = new Redactor();
  const clean = (text: string): string => redactor.clean(text);
  const logger = (parts.logger ?? ((options) => new Logger(options)))({
    serviceName: 'billing-count-report',
    ...(integration === undefined ? {} : { persistentKeys: { integration } }),
    jsonReplacerFn: (_, value) => (typeof value === 'string' ? clean(value) : value),
  });
  const print = parts.print ?? ((line) => process.stdout.write(`${line}\n`));
  const onProgress = (event: Progress): void => {
    if (event.kind === 'waiting') logger.info('waiting', { seconds: event.seconds, reason: event.reason });
    if (event.kind === 'measured') {
      const deployment = process.env.DEPLOYMENT ?? 'billing-count-report';
      for (const line of metricLines(event.figures, deployment, platform.clock.now())) print(clean(line));
    }
  };
  const platform = hidingSecrets(parts.platform(onProgress), redactor);

  const run = (event: unknown, context: LambdaContext): Promise<unknown> =>
    step(event, platform, {
      deadline: platform.clock.now() + context.getRemainingTimeInMillis() - HEADROOM_MILLISECONDS,
    });

  const handler = middy<unknown, unknown>({
    timeoutEarlyInMillis: LAST_WORD_MILLISECONDS,
    timeoutEarlyResponse: () => {
      throw Object.assign(new Error('the step was still running when its time ran out'), { name: 'TimeoutError' });
    },
  })
    // The last middleware gets errors first, so the log has their full messages.
    .use(shapingErrors(clean))
    .use(logging(logger))
    .handler(run);
  return (event, context) => Promise.resolve(handler(event, context));
}

type Middleware = MiddlewareObj<unknown, unknown, Error, LambdaContext>;

function logging(logger: Logger): Middleware {
  return {
    before({ event, context }) {
      logger.resetKeys();
      logger.appendKeys({ request_id: context.awsRequestId, function: context.functionName, run_id: runIdIn(event) });
      logger.info('step started');
    },
    after({ response }) {
      logger.info('step finished', { answer_bytes: Buffer.byteLength(JSON.stringify(response) ?? '') });
    },
    onError({ error }) {
      logger.error('step failed', {
        ...{ error_name: error?.name, error_message: error?.message },
        ...(isReportError(error) ? {} : { error_stack: error?.stack }),
      });
    },
  };
}

function shapingErrors(clean: (text: string) => string): Middleware {
  return {
    onError(request) {
      request.error = lambdaError(request.error, clean);
    },
  };
}

/** The same platform; every secret that it returns is hidden from then on. */
function hidingSecrets(platform: Platform, redactor: Redactor): Platform {
  const { secrets } = platform;
  return {
    ...platform,
    secrets: {
      async read(integration) {
        const secret = await secrets.read(integration);
        redactor.hide(secret);
        return secret;
      },
      write(integration, secret) {
        redactor.hide(secret);
        return secrets.write(integration, secret);
      },
    },
  };
}

/** The run of an event: every state but the first passes on `run`, the last passes on everything. */
function runIdIn(event: unknown): string | undefined {
  const run = memberOf(event, 'run') ?? memberOf(memberOf(event, 'state'), 'run') ?? memberOf(event, 'input');
  const runId = memberOf(run, 'runId');
  return typeof runId === 'string' ? runId : undefined;
}
