import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type IBucket,
  type LifecycleRule,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

const ACCESS_LOGS_KEPT = Duration.days(90);
/** A lock outlives its run by minutes; what is older was left by a Lambda that died. */
const LOCKS_KEPT = Duration.days(60);
const OLD_CONFIGURATION_KEPT = Duration.days(400);

const GUARDED = {
  encryption: BucketEncryption.S3_MANAGED,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  removalPolicy: RemovalPolicy.RETAIN,
} as const;

/**
 * The report bucket: `config/` with its history, `runs/` kept for `runsKept`, `history/`, `locks/`. It and the log of who reached for it
 * stay when the stack goes.
 */
export function reportBucket(scope: Construct, runsKept: Duration): Bucket {
  const accessLogs = new Bucket(scope, 'AccessLogs', {
    ...GUARDED,
    lifecycleRules: [{ expiration: ACCESS_LOGS_KEPT, ...abandonedUploads }],
  });
  return new Bucket(scope, 'Bucket', {
    ...GUARDED,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    versioned: true,
    // CDK's own classes do not say that their optional members may be undefined; its interfaces do.
    serverAccessLogsBucket: accessLogs as IBucket,
    lifecycleRules: [
      {
        id: 'runs',
        prefix: 'runs/',
        expiration: runsKept,
        noncurrentVersionExpiration: Duration.days(1),
        ...abandonedUploads,
      },
      // One object a vendor, written anew by each run: the one before is of no use.
      { id: 'history', prefix: 'history/', noncurrentVersionExpiration: Duration.days(1) },
      { id: 'locks', prefix: 'locks/', expiration: LOCKS_KEPT, noncurrentVersionExpiration: Duration.days(1) },
      { id: 'configuration', prefix: 'config/', noncurrentVersionExpiration: OLD_CONFIGURATION_KEPT },
      { id: 'tombstones', expiredObjectDeleteMarker: true },
    ],
  });
}

const abandonedUploads: LifecycleRule = { abortIncompleteMultipartUploadAfter: Duration.days(1) };
