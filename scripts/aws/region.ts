import { SFNClient } from '@aws-sdk/client-sfn';
import { ReportError } from '../../lambdas/report/errors.ts';

/**
 * The region that the AWS SDK would use, from the environment or the profile. Errors: `ConfigurationError` without one.
 */
export async function regionOf(): Promise<string> {
  const client = new SFNClient({});
  try {
    return await client.config.region();
  } catch (error) {
    throw new ReportError(
      'ConfigurationError',
      'no AWS region is set, and none is guessed: set AWS_REGION (for instance eu-central-1), or name a profile that has one in AWS_PROFILE',
      { cause: error },
    );
  } finally {
    client.destroy();
  }
}
