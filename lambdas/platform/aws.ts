import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SESClient } from '@aws-sdk/client-ses';
import { ReportError } from '../report/errors.ts';
import { systemClock } from '../wire/clock.ts';
import { directConnect } from '../wire/connect.ts';
import { directTransport } from '../wire/transport.ts';
import { sesMail } from './aws-mail.ts';
import { bucketObjects } from './aws-objects.ts';
import { managedSecrets } from './aws-secrets.ts';
import type { Platform, Progress } from './platform.ts';

/**
 * Environment variables: REPORT_BUCKET is needed; SECRET_PREFIX defaults to the name that the contract gives, TIME_ZONE (that of
 * the schedule) to UTC.
 */
export type Environment = Readonly<Record<string, string | undefined>>;

const SECRET_PREFIX = 'billing-count-report/';

/**
 * Everything a step needs, on AWS. Call it once a process: the clients keep their connections between invocations; none is
 * opened before the first use. Errors: `ConfigurationError` without REPORT_BUCKET.
 */
export function awsPlatform(environment: Environment, progress: (event: Progress) => void = () => {}): Platform {
  const bucket = environment.REPORT_BUCKET;
  if (bucket === undefined || bucket === '') {
    throw new ReportError(
      'ConfigurationError',
      'the environment variable REPORT_BUCKET does not name the report bucket',
    );
  }
  const prefix = environment.SECRET_PREFIX ?? SECRET_PREFIX;
  return {
    objects: bucketObjects(new S3Client({ maxAttempts: 5 }), bucket),
    secrets: managedSecrets(new SecretsManagerClient({ maxAttempts: 5 }), prefix.endsWith('/') ? prefix : `${prefix}/`),
    mail: sesMail(new SESClient({ maxAttempts: 1 }), systemClock, Math.random),
    transport: directTransport,
    connect: directConnect,
    clock: systemClock,
    random: Math.random,
    timeZone: environment.TIME_ZONE ?? 'UTC',
    progress,
  };
}
