import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Bundle } from './bundle.ts';
import { heapMegabytes, type PlannedFunction } from './functions.ts';
import { type Estate, functionRole } from './permissions.ts';
import { LATEST_START } from './schedule.ts';

export type OneFunctionProperties = {
  planned: PlannedFunction;
  bundle: Bundle;
  /** Its name in the account: prefix and planned name. */
  functionName: string;
  environment: Record<string, string>;
  estate: Estate;
};

/** One Lambda with its own role and its own log. */
export class OneFunction extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, properties: OneFunctionProperties) {
    const { planned, bundle, functionName, environment, estate } = properties;
    super(scope, planned.name);
    const log = new LogGroup(this, 'Log', {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.function = new LambdaFunction(this, 'Function', {
      functionName,
      description: planned.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(bundle.directory),
      memorySize: planned.memoryMegabytes,
      timeout: Duration.seconds(planned.timeoutSeconds),
      tracing: Tracing.ACTIVE,
      logGroup: log,
      loggingFormat: LoggingFormat.TEXT,
      environment: {
        ...environment,
        NODE_OPTIONS: `--max-old-space-size=${heapMegabytes(planned.memoryMegabytes)}`,
      },
      // The role is complete: constructs must not add anything to it.
      role: functionRole(this, 'Role', planned.access, log, estate).withoutPolicyUpdates(),
      ...(planned.access.deadLetters === true
        ? { deadLetterQueue: estate.deadLetters, maxEventAge: LATEST_START, retryAttempts: 2 }
        : {}),
    });
  }
}
