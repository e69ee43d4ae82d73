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
/** A lock outlives its run by minutes; an older one was left by a Lambda that died. */
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
 * The report bucket: `config/` with its history, `runs/` kept for `runsKept`, `history/`, `locks/`. It and its access
 * log stay when the stack is deleted.
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
    // CDK's classes do not allow undefined for their optional properties; its interfaces do.
    serverAccessLogsBucket: accessLogs as IBucket,
    lifecycleRules: [
      { id: 'runs', prefix: 'runs/', expiration: runsKept, noncurrentVersionExpiration: Duration.days(1) },
      // One object per vendor, rewritten by each run: old versions are of no use.
      { id: 'history', prefix: 'history/', noncurrentVersionExpiration: Duration.days(1) },
      { id: 'locks', prefix: 'locks/', expiration: LOCKS_KEPT, noncurrentVersionExpiration: Duration.days(1) },
      { id: 'configuration', prefix: 'config/', noncurrentVersionExpiration: OLD_CONFIGURATION_KEPT },
      { id: 'leftovers', expiredObjectDeleteMarker: true, ...abandonedUploads },
    ],
  });
}

const abandonedUploads: LifecycleRule = { abortIncompleteMultipartUploadAfter: Duration.days(1) };
