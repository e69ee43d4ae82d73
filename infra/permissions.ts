import { ArnFormat, Stack, Token, Validations } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { MAIL_SERVICES } from '../lambdas/configuration/delivery.ts';
import type { Access } from '../lambdas/steps/access.ts';

/** What access is given to: the resources of one installation. */
export type Estate = {
  bucket: Bucket;
  /** Names of secrets begin with it. */
  secretPrefix: string;
  /** What can send mail: only the function that sends reads the services' secrets. */
  mailVia: readonly (typeof MAIL_SERVICES)[number][];
  /** Address or domain that reports are sent from by SES; without it no function is allowed to use SES. */
  sender?: string;
  configurationSet?: string;
  /** ARN of the scheduled state machine. */
  stateMachineArn: string;
  deadLetters: IQueue;
};

/** Secrets Manager appends six characters to a name; they are unknown until the secret exists. */
const SECRET_SUFFIX = '-??????';

/** The role of one function: it writes its own log and traces, and has the rights of `access`. */
export function functionRole(scope: Construct, id: string, access: Access, log: LogGroup, estate: Estate): Role {
  const role = new Role(scope, id, {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    description: `Reaches what ${scope.node.id} needs and nothing else`,
    inlinePolicies: {
      Access: new PolicyDocument({
        statements: [
          new PolicyStatement({
            sid: 'Log',
            actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            resources: [log.logGroupArn],
          }),
          new PolicyStatement({
            sid: 'Trace',
            actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
            resources: ['*'],
          }),
          ...statementsFor(access, estate, Stack.of(scope)),
        ],
      }),
    },
  });
  acknowledgeWildcards(role, access, estate);
  return role;
}

function statementsFor(access: Access, estate: Estate, stack: Stack): PolicyStatement[] {
  const { bucket } = estate;
  const objects = (keys: readonly string[]) => [...new Set(keys)].map((key) => bucket.arnForObjects(key));
  const statements: PolicyStatement[] = [];
  const allow = (sid: string, actions: string[], resources: string[], conditions: Record<string, unknown> = {}) => {
    if (resources.length > 0) statements.push(new PolicyStatement({ sid, actions, resources, conditions }));
  };

  const { read = [], write = [], remove = [], secret, mail, runs, deadLetters } = access;
  // Without it S3 answers "forbidden" for a missing object. A condition on the prefix does not help: a GET has none.
  if (read.length > 0) allow('TellMissingFromForbidden', ['s3:ListBucket'], [bucket.bucketArn]);
  allow('Read', ['s3:GetObject'], objects(read));
  allow('Write', ['s3:PutObject'], objects(write));
  allow('Remove', ['s3:DeleteObject'], objects(remove));
  const secretArn = (integration: string) =>
    stack.formatArn({
      service: 'secretsmanager',
      resource: 'secret',
      resourceName: `${estate.secretPrefix}${integration}${SECRET_SUFFIX}`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  if (secret !== undefined) {
    allow('ReadSecret', ['secretsmanager:GetSecretValue'], [secretArn(secret.integration)]);
    if (secret.rotate) allow('KeepRotatedSecret', ['secretsmanager:PutSecretValue'], [secretArn(secret.integration)]);
  }
  if (mail === true) {
    const withSecret = estate.mailVia.filter((service) => service !== 'ses');
    allow('ReadMailSecret', ['secretsmanager:GetSecretValue'], withSecret.map(secretArn));
    if (sendsBySes(estate)) {
      allow('SendMail', ['ses:SendRawEmail'], mailResources(estate, stack), fromAddress(estate));
    }
  }
  if (runs === 'start') allow('StartRun', ['states:StartExecution'], [estate.stateMachineArn]);
  if (runs === 'look') {
    allow('LookAtRuns', ['states:ListExecutions', 'states:DescribeStateMachine'], [estate.stateMachineArn]);
  }
  if (deadLetters === true) allow('LeaveDeadLetters', ['sqs:SendMessage'], [estate.deadLetters.queueArn]);
  return statements;
}

const sendsBySes = ({ mailVia, sender }: Estate): boolean => mailVia.includes('ses') && sender !== undefined;

/**
 * Any identity: SES requires a right on the sender's, whether the address, its domain or a parent domain, and in the
 * sandbox also on each recipient's. `fromAddress` restricts the sender.
 */
function mailResources({ configurationSet }: Estate, stack: Stack): string[] {
  const arn = (resource: string, resourceName: string) => stack.formatArn({ service: 'ses', resource, resourceName });
  return [
    arn('identity', '*'),
    ...(configurationSet === undefined ? [] : [arn('configuration-set', configurationSet)]),
  ];
}

/** The one address, or any address of the one domain. */
function fromAddress({ sender }: Estate): Record<string, unknown> {
  if (sender === undefined) return {};
  return sender.includes('@')
    ? { StringEquals: { 'ses:FromAddress': sender } }
    : { StringLike: { 'ses:FromAddress': `*@${sender}` } };
}

/** Each wildcard by itself: an unexpected one makes the synthesis fail. */
function acknowledgeWildcards(role: Role, { read = [], write = [], remove = [], mail }: Access, estate: Estate): void {
  const stack = Stack.of(role);
  const bucketId = stack.getLogicalId(estate.bucket.node.defaultChild as CfnBucket);
  const keys = [...read, ...write, ...remove].filter((key) => key.includes('*'));
  for (const key of new Set(keys)) {
    Validations.of(role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::<${bucketId}.Arn>/${key}]`,
      reason:
        'The star stands for the id of a run, which is new every time; the file in the folder of the run is named.',
    });
  }
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'The two actions of X-Ray know no resources. Nothing else in this role is granted on all resources.',
  });
  if (mail === true && sendsBySes(estate)) {
    const resolved = (value: string, name: string) => (Token.isUnresolved(value) ? `<AWS::${name}>` : value);
    const place = `${resolved(stack.region, 'Region')}:${resolved(stack.account, 'AccountId')}`;
    Validations.of(role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ses:${place}:identity/*]`,
      reason: 'In the sandbox of SES the identity of each recipient is asked for; a condition holds the sender.',
    });
  }
}
