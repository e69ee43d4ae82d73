import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { nameOf } from '../../lambdas/platform/aws-fault.ts';
import { ReportError } from '../../lambdas/report/errors.ts';
import { regionOf } from './region.ts';

/** The resources of an installation. */
export type Installation = {
  bucket: string;
  /** ARNs of the state machines. */
  standard: string;
  express: string;
  /** Prefix of the secrets' names. */
  secretPrefix: string;
  region: string;
};

/** Finds the installation by its stack. Errors: `ConfigurationError` without region, credentials or such a stack. */
export async function findInstallation(stack: string): Promise<Installation> {
  const region = await regionOf();
  const outputs = await outputsOf(new CloudFormationClient({ region }), stack, region);
  const output = (name: string): string => {
    const value = outputs.get(name);
    if (value !== undefined) return value;
    throw new ReportError(
      'ConfigurationError',
      `--stack: the stack ${stack} in ${region} has no output ${name}; deploy it again`,
    );
  };
  return {
    region,
    bucket: output('ReportBucket'),
    standard: output('StandardStateMachine'),
    express: output('ExpressStateMachine'),
    secretPrefix: output('SecretPrefix'),
  };
}

async function outputsOf(
  client: Pick<CloudFormationClient, 'send'>,
  stack: string,
  region: string,
): Promise<ReadonlyMap<string, string>> {
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stack }));
    const outputs = Stacks?.[0]?.Outputs ?? [];
    return new Map(
      outputs.flatMap(({ OutputKey: key, OutputValue: value }) =>
        key === undefined || value === undefined ? [] : [[key, value]],
      ),
    );
  } catch (error) {
    const refused = explained(error, stack, region);
    if (refused === undefined) throw error;
    throw new ReportError('ConfigurationError', refused, { cause: error });
  }
}

function explained(error: unknown, stack: string, region: string): string | undefined {
  const message = error instanceof Error ? error.message : '';
  if (nameOf(error) === 'ValidationError' && message.includes('does not exist')) {
    return `--stack: there is no stack ${stack} in ${region}; deploy it first (npm run deploy), or look at AWS_REGION and AWS_PROFILE`;
  }
  if (nameOf(error) === 'CredentialsProviderError') {
    return `there are no AWS credentials: sign in, or name a profile in AWS_PROFILE (${message})`;
  }
  if (/^(ExpiredToken|InvalidClientTokenId|UnrecognizedClient|AccessDenied)/u.test(nameOf(error))) {
    return `AWS refuses these credentials (${nameOf(error)}): ${message}`;
  }
  return undefined;
}
