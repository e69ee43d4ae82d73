import { describe, expect, test } from 'vitest';
import { awsPlatform } from '../../lambdas/platform/aws.ts';
import { sesMail } from '../../lambdas/platform/aws-mail.ts';
import { awsObjects, bucketObjects } from '../../lambdas/platform/aws-objects.ts';
import { managedSecrets } from '../../lambdas/platform/aws-secrets.ts';
import { MailRefused } from '../../lambdas/platform/mail-refused.ts';
import { virtualClock } from '../virtual-clock.ts';

type Command = { constructor: { name: string }; input: Record<string, unknown> };

/** A client of the SDK whose answers are scripted; `calls` are the commands it was given. */
function client(...answers: (object | Error | ((command: Command) => object | Error))[]) {
  const calls: { name: string; input: Record<string, unknown> }[] = [];
  const send = async (command: Command) => {
    calls.push({ name: command.constructor.name, input: command.input });
    const next = answers.length > 1 ? answers.shift() : answers[0];
    const answer = typeof next === 'function' ? next(command) : next;
    if (answer instanceof Error) throw answer;
    return answer;
  };
  // The SDK's `send` is overloaded for every command; a scripted one cannot be.
  return { calls, send: send as never };
}

const fault = (name: string, httpStatusCode: number | undefined, message = name): Error =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });

describe('the bucket', () => {
  test('an object is read; a missing one is undefined; a forbidden one is not mistaken for missing', async () => {
    const body = { transformToByteArray: async () => Buffer.from('hello') };
    expect(await bucketObjects(client({ Body: body }), 'b').read('runs/r1/x.json')).toEqual(Buffer.from('hello'));
    expect(await bucketObjects(client(fault('NoSuchKey', 404)), 'b').read('runs/r1/x.json')).toBeUndefined();
    await expect(bucketObjects(client(fault('AccessDenied', 403)), 'b').read('runs/r1/x.json')).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining('may list the bucket'),
    });
    await expect(bucketObjects(client(fault('SlowDown', 503)), 'b').read('runs/r1/x.json')).rejects.toThrow('SlowDown');
  });

  test('a marker is a conditional write', async () => {
    const s3 = client({});
    expect(await bucketObjects(s3, 'b').createOnce('runs/r1/run.json', '{}')).toBe(true);
    expect(s3.calls[0]?.input).toMatchObject({ Bucket: 'b', Key: 'runs/r1/run.json', IfNoneMatch: '*' });
  });

  test('a marker that another wrote first is not ours', async () => {
    const s3 = client(fault('PreconditionFailed', 412), { Metadata: { claim: 'of another' } });
    expect(await bucketObjects(s3, 'b').createOnce('runs/r1/run.json', '{}')).toBe(false);
    expect(s3.calls.map(({ name }) => name)).toEqual(['PutObjectCommand', 'HeadObjectCommand']);
  });

  test('a marker whose first answer was lost is recognized as our own', async () => {
    let token: unknown;
    const s3 = client((command) => {
      if (command.constructor.name === 'HeadObjectCommand') return { Metadata: token as object };
      token = command.input.Metadata;
      return fault('PreconditionFailed', 412);
    });
    expect(await bucketObjects(s3, 'b').createOnce('runs/r1/run.json', '{}')).toBe(true);
  });

  test('a conflict with a write under way is retried', async () => {
    const s3 = client(fault('ConditionalRequestConflict', 409), {});
    expect(await bucketObjects(s3, 'b').createOnce('runs/r1/run.json', '{}')).toBe(true);
    expect(s3.calls).toHaveLength(2);
  });

  describe('what is larger than a part', () => {
    const MEBIBYTE = 1024 * 1024;
    const large = {
      *[Symbol.iterator]() {
        for (let chunk = 0; chunk < 20; chunk += 1) yield Buffer.alloc(MEBIBYTE, chunk);
      },
    };
    const arriving = {
      async *[Symbol.asyncIterator]() {
        yield* large;
      },
    };
    /** S3, as far as uploads go: what was written, in the order of its parts. */
    const uploads = (ending: (command: Command) => object | Error = () => ({})) =>
      client((command) => {
        const { PartNumber } = command.input;
        if (command.constructor.name === 'CreateMultipartUploadCommand') return { UploadId: 'u' };
        if (command.constructor.name === 'UploadPartCommand')
          return { ETag: `e${PartNumber}`, ChecksumCRC32: `c${PartNumber}` };
        return ending(command);
      });

    test.each([
      ['that are made one after the other', large],
      ['while it is read', arriving],
    ])('goes in parts %s', async (_, body) => {
      const s3 = uploads();
      await bucketObjects(s3, 'b').write('runs/r1/report.json', body, 'application/json');
      const [begin, ...rest] = s3.calls;
      const complete = rest.pop();
      const place = { Bucket: 'b', Key: 'runs/r1/report.json' };
      expect(begin).toEqual({
        name: 'CreateMultipartUploadCommand',
        input: { ...place, ContentType: 'application/json', ChecksumAlgorithm: 'CRC32' },
      });
      expect(
        rest.map(({ name, input: { Body, ...input } }) => [name, input, (Body as Uint8Array).byteLength / MEBIBYTE]),
      ).toEqual(
        [8, 8, 4].map((size, index) => [
          'UploadPartCommand',
          { ...place, UploadId: 'u', PartNumber: index + 1, ChecksumAlgorithm: 'CRC32' },
          size,
        ]),
      );
      expect(Buffer.concat(rest.map(({ input }) => input.Body as Uint8Array)).equals(Buffer.concat([...large]))).toBe(
        true,
      );
      expect(complete).toEqual({
        name: 'CompleteMultipartUploadCommand',
        input: {
          ...place,
          UploadId: 'u',
          MultipartUpload: {
            Parts: [1, 2, 3].map((PartNumber) => ({
              PartNumber,
              ETag: `e${PartNumber}`,
              ChecksumCRC32: `c${PartNumber}`,
            })),
          },
        },
      });
    });

    test('is claimed with its last part', async () => {
      const s3 = uploads();
      expect(await bucketObjects(s3, 'b').createOnce('runs/r1/report.json', large)).toBe(true);
      expect(s3.calls[0]?.input).toMatchObject({ Metadata: { claim: expect.any(String) } });
      expect(s3.calls.at(-1)).toMatchObject({ name: 'CompleteMultipartUploadCommand', input: { IfNoneMatch: '*' } });
    });

    test.each([
      ['PreconditionFailed', 412],
      ['NoSuchUpload', 404],
    ])('is ours where the first answer to that was lost, and the second is %s', async (name, status) => {
      const s3 = uploads((command) =>
        command.constructor.name === 'HeadObjectCommand'
          ? { Metadata: s3.calls[0]?.input.Metadata }
          : fault(name, status),
      );
      expect(await bucketObjects(s3, 'b').createOnce('runs/r1/report.json', large)).toBe(true);
    });

    test('goes at once where it is not', async () => {
      const s3 = client({});
      await bucketObjects(s3, 'b').write('runs/r1/x.json', [Buffer.from('a'), Buffer.from('b')], 'application/json');
      await bucketObjects(s3, 'b').write('runs/r1/x.json', [], 'application/json');
      expect(s3.calls.map(({ name, input }) => [name, String(input.Body)])).toEqual([
        ['PutObjectCommand', 'ab'],
        ['PutObjectCommand', ''],
      ]);
    });
  });

  test('keys follow the same rules as in a directory', async () => {
    const s3 = client({});
    await expect(bucketObjects(s3, 'b').write('runs/../x', 'x', 'text/plain')).rejects.toThrow(/refused the key/u);
    expect(s3.calls).toEqual([]);
  });
});

describe('Secrets Manager', () => {
  const secrets = (answer: object | Error) => managedSecrets(client(answer), 'billing-count-report/');

  test('reads by the integration’s name; a missing secret is undefined', async () => {
    const manager = client({ SecretString: '{"apiKey":"k"}' });
    expect(await managedSecrets(manager, 'billing-count-report/').read('acme')).toEqual({ apiKey: 'k' });
    expect(manager.calls[0]?.input).toEqual({ SecretId: 'billing-count-report/acme' });
    expect(await secrets(fault('ResourceNotFoundException', 400)).read('acme')).toBeUndefined();
  });

  test('a secret that is not JSON, is bytes, or is inaccessible is a configuration error without its content', async () => {
    for (const answer of [{ SecretString: 'canary' }, {}, fault('AccessDeniedException', 400)]) {
      const refusal = await secrets(answer)
        .read('acme')
        .then(String, (error: Error) => `${error.name} ${error.message}`);
      expect(refusal).toMatch(/^ConfigurationError .*billing-count-report\/acme/u);
      expect(refusal).not.toContain('canary');
    }
  });

  test('writes a new version; a secret that does not exist, or would be too large, is refused', async () => {
    const manager = client({});
    await managedSecrets(manager, 'p/').write('acme', { token: 't' });
    expect(manager.calls[0]).toEqual({
      name: 'PutSecretValueCommand',
      input: { SecretId: 'p/acme', SecretString: '{"token":"t"}' },
    });
    await expect(secrets(fault('ResourceNotFoundException', 400)).write('acme', {})).rejects.toThrow(
      /there is no secret/u,
    );
    await expect(secrets({}).write('acme', { token: 'x'.repeat(70_000) })).rejects.toThrow(/larger than 65536 bytes/u);
  });
});

describe('SES', () => {
  const letter = {
    raw: Buffer.from('x'),
    from: 'reports@northwind.example',
    recipients: ['billing@northwind.example', 'owner@northwind.example'],
  };
  const send = (ses: ReturnType<typeof client>) =>
    sesMail(ses, virtualClock(), () => 0.5).send(letter, 'runs/r1/email.eml');

  test('the message goes out unchanged, to the given recipients', async () => {
    const ses = client({ MessageId: 'm-1' });
    expect(await send(ses)).toEqual({ messageId: 'm-1' });
    expect(ses.calls[0]?.input).toEqual({
      RawMessage: { Data: letter.raw },
      Source: letter.from,
      Destinations: letter.recipients,
    });
  });

  test('a refusal for the sending rate is waited out and retried', async () => {
    const ses = client(fault('Throttling', 400, 'Maximum sending rate exceeded.'), { MessageId: 'm-2' });
    expect(await send(ses)).toEqual({ messageId: 'm-2' });
    const limited = client(fault('ThrottlingException', 400, 'Maximum sending rate exceeded.'));
    await expect(send(limited)).rejects.toThrow(/still limits the sending rate/u);
    expect(limited.calls).toHaveLength(5);
  });

  test.each([
    ['the daily quota', fault('Throttling', 400, 'Daily message quota exceeded.'), /daily sending quota/u],
    [
      'an unverified sender',
      fault(
        'MessageRejected',
        400,
        'Email address is not verified. The following identities failed the check in region EU-WEST-1: reports@northwind.example',
      ),
      /the sender reports@northwind\.example is not verified/u,
    ],
    [
      'a sandbox account',
      fault(
        'MessageRejected',
        400,
        'Email address is not verified. The following identities failed the check in region EU-WEST-1: Owner@northwind.example',
      ),
      /in the sandbox.*owner@northwind\.example/u,
    ],
    ['a configuration set', fault('ConfigurationSetDoesNotExistException', 400), /no SES configuration set/u],
    ['a paused account', fault('AccountSendingPausedException', 400), /sending is paused/u],
    ['a missing right', fault('AccessDenied', 403), /deploy with sender=.*SES says/u],
  ])('%s is certainly refused, once, with its reason', async (_, error, sentence) => {
    const ses = client(error);
    const refusal = await send(ses).then(String, (thrown: Error) => thrown);
    expect(refusal).toBeInstanceOf(MailRefused);
    expect(refusal).toMatchObject({ name: 'DeliveryError', message: expect.stringMatching(sentence) });
    expect(ses.calls).toHaveLength(1);
  });

  test.each([
    ['a time-out', fault('TimeoutError', undefined)],
    ['a fault of the service', fault('InternalFailure', 500)],
  ])('after %s the mail may have gone out, and is not sent again', async (_, error) => {
    const ses = client(error);
    const outcome = await send(ses).then(String, (thrown: Error) => thrown);
    expect(outcome).not.toBeInstanceOf(MailRefused);
    expect(outcome).toMatchObject({ name: 'DeliveryError', message: expect.stringContaining('may have gone out') });
    expect(ses.calls).toHaveLength(1);
  });
});

test('without a bucket there are no files', () => {
  expect(() => awsObjects({})).toThrow(/REPORT_BUCKET/u);
});

test('using a way out that a function was built without is an error', async () => {
  const platform = awsPlatform({}, {});
  await expect(platform.objects.read('runs/r1/report.json')).rejects.toThrow('built without the files of the bucket');
  await expect(platform.secrets.read('acme')).rejects.toThrow('built without secrets');
  await expect(platform.connect('mail.example', 25, 1)).rejects.toThrow('built without connections');
});
