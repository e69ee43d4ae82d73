import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Effect, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { loadDefinition } from '../statemachine/definition.ts';

export type PipelineProperties = {
  prefix: string;
  /** Every function that the definition calls. */
  functions: readonly IFunction[];
};

/** What Step Functions needs to deliver logs and traces; these actions cannot be limited to resources. */
const OBSERVE = [
  'logs:CreateLogDelivery',
  'logs:GetLogDelivery',
  'logs:UpdateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:DescribeResourcePolicies',
  'logs:DescribeLogGroups',
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
];

/** A longer run is waiting for something that will not come; Step Functions itself would let it wait for a year. */
const LONGEST_RUN_SECONDS = 24 * 60 * 60;

/**
 * One definition, two state machines: Standard for the schedule and the console, where the execution's name is the
 * run's id, and Express for a workflow that calls it and waits.
 */
export class Pipeline extends Construct {
  readonly standard: StateMachine;
  readonly express: StateMachine;

  constructor(scope: Construct, { prefix, functions }: PipelineProperties) {
    super(scope, 'Pipeline');
    const definition = loadDefinition(`${prefix}-`);
    const machine = (id: string, name: string, type: StateMachineType, body: object): StateMachine => {
      const role = this.#role(`${id}Role`, functions);
      const made = new StateMachine(this, id, {
        stateMachineName: name,
        stateMachineType: type,
        definitionBody: DefinitionBody.fromString(JSON.stringify(body)),
        role: role.withoutPolicyUpdates(),
        tracingEnabled: true,
        logs: {
          level: LogLevel.ALL,
          // Companies' names and counts stay in the bucket.
          includeExecutionData: false,
          destination: new LogGroup(this, `${id}Log`, {
            // Under this prefix the log's resource policy does not grow with every state machine of the account.
            logGroupName: `/aws/vendedlogs/states/${name}`,
            retention: RetentionDays.THREE_MONTHS,
            removalPolicy: RemovalPolicy.DESTROY,
          }),
        },
      });
      made.node.addDependency(role);
      return made;
    };
    const bounded = { ...definition, TimeoutSeconds: LONGEST_RUN_SECONDS };
    this.standard = machine('Standard', standardName(prefix), StateMachineType.STANDARD, bounded);
    // Express ends by itself, after 5 minutes.
    this.express = machine('Express', `${prefix}-sync`, StateMachineType.EXPRESS, definition);
  }

  #role(id: string, functions: readonly IFunction[]): Role {
    const role = new Role(this, id, {
      assumedBy: new ServicePrincipal('states.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      description: 'Calls the functions of the billing count report',
      inlinePolicies: {
        Access: new PolicyDocument({
          statements: [
            new PolicyStatement({
              sid: 'CallFunctions',
              actions: ['lambda:InvokeFunction'],
              resources: functions.map(({ functionArn }) => functionArn),
            }),
            new PolicyStatement({ sid: 'Observe', effect: Effect.ALLOW, actions: OBSERVE, resources: ['*'] }),
          ],
        }),
      },
    });
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'The actions that deliver logs and traces know no resources. Functions are called by their ARNs.',
    });
    return role;
  }
}

/** The name of the Standard state machine; roles name it before it is there. */
export const standardName = (prefix: string): string => prefix;
