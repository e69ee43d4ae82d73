import { randomUUID } from 'node:crypto';
import { DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ReportError } from '../report/errors.ts';
import type { Environment } from './aws.ts';
import { nameOf, statusOf } from './aws-fault.ts';
import { upload } from './aws-upload.ts';
import type { Body, Objects } from './platform.ts';
import { safeKey } from './safe-key.ts';

/** S3 answers 409 while another write of the same key is under way; the documented remedy is another attempt. */
const CREATE_ATTEMPTS = 5;

/**
 * The report bucket of this installation; no connection is opened before the first use. Errors: `ConfigurationError`
 * without REPORT_BUCKET.
 */
export function awsObjects(environment: Environment): Objects {
  const bucket = environment.REPORT_BUCKET;
  if (bucket === undefined || bucket === '') {
    throw new ReportError(
      'ConfigurationError',
      'the environment variable REPORT_BUCKET does not name the report bucket',
    );
  }
  return bucketObjects(new S3Client({ maxAttempts: 5 }), bucket);
}

/** One bucket. Errors: `ConfigurationError` if the role lacks a right, otherwise the SDK's last error. */
export function bucketObjects(client: Pick<S3Client, 'send'>, bucket: string): Objects {
  const at = (key: string) => {
    safeKey(key);
    return { Bucket: bucket, Key: key };
  };
  return {
    async read(key) {
      try {
        const { Body } = await client.send(new GetObjectCommand(at(key)));
        if (Body === undefined) throw new Error(`S3 answered without a body for ${key}`);
        return await Body.transformToByteArray();
      } catch (error) {
        if (nameOf(error) === 'NoSuchKey' || nameOf(error) === 'NotFound') return undefined;
        throw explained(error, `read s3://${bucket}/${key}`);
      }
    },
    async writtenAt(key) {
      try {
        return (await client.send(new HeadObjectCommand(at(key)))).LastModified?.toISOString();
      } catch (error) {
        if (nameOf(error) === 'NoSuchKey' || nameOf(error) === 'NotFound') return undefined;
        throw explained(error, `look at s3://${bucket}/${key}`);
      }
    },
    async write(key, body, contentType) {
      try {
        await upload(client, { ...at(key), ContentType: contentType }, body);
      } catch (error) {
        throw explained(error, `write s3://${bucket}/${key}`);
      }
    },
    createOnce: async (key, body) => createOnce(client, at(key), body),
    async remove(key) {
      try {
        await client.send(new DeleteObjectCommand(at(key)));
      } catch (error) {
        throw explained(error, `delete s3://${bucket}/${key}`);
      }
    },
    locate: (key) => `s3://${bucket}/${key}`,
  };
}

type Place = { Bucket: string; Key: string };

/**
 * A conditional write. If its first answer is lost, the SDK's own retry finds the object that it wrote itself: a token
 * in the object's metadata distinguishes our write from another's.
 */
async function createOnce(client: Pick<S3Client, 'send'>, place: Place, body: Body): Promise<boolean> {
  const token = randomUUID();
  const written = { ...place, ContentType: 'application/json', Metadata: { claim: token }, IfNoneMatch: '*' } as const;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await upload(client, written, body);
      return true;
    } catch (error) {
      // An upload that is completed already is gone.
      if (statusOf(error) === 412 || nameOf(error) === 'NoSuchUpload') return await isOurs(client, place, token);
      if (statusOf(error) === 409 && attempt < CREATE_ATTEMPTS) continue;
      throw explained(error, `create s3://${place.Bucket}/${place.Key}`);
    }
  }
}

async function isOurs(client: Pick<S3Client, 'send'>, place: Place, token: string): Promise<boolean> {
  try {
    const { Metadata } = await client.send(new HeadObjectCommand(place));
    return Metadata?.claim === token;
  } catch (error) {
    throw explained(error, `look at s3://${place.Bucket}/${place.Key}`);
  }
}

function explained(error: unknown, doing: string): unknown {
  if (nameOf(error) === 'NoSuchBucket') {
    return new ReportError('ConfigurationError', `cannot ${doing}: there is no such bucket; look at REPORT_BUCKET`);
  }
  if (statusOf(error) !== 403) return error;
  return new ReportError(
    'ConfigurationError',
    `cannot ${doing}: this function's role may not do it (S3 gives the same answer for a missing object, unless the role may list the bucket)`,
    { cause: error },
  );
}
