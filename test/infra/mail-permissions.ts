import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { expect, it } from 'vitest';
import { type Estate, functionRole } from '../../infra/permissions.ts';
import { readSettings } from '../../infra/settings.ts';
import { reachOf } from './reach.ts';

/** What the function that sends the mail may do with secrets and with SES, in a deployment with this setting. */
function mailReach(mailVia: Estate['mailVia'], sender: string | undefined): string[] {
  const stack = new Stack(new App({ context: { 'aws:cdk:enable-path-metadata': true } }), 'Mail');
  const estate: Estate = {
    ...{ bucket: new Bucket(stack, 'Bucket'), deadLetters: new Queue(stack, 'Queue'), stateMachineArn: 'arn' },
    ...{ secretPrefix: 'prefix/', mailVia },
    ...(sender === undefined ? {} : { sender }),
  };
  functionRole(stack, 'Role', { mail: true }, new LogGroup(stack, 'Log'), estate);
  return [...reachOf(Template.fromStack(stack)).values()]
    .flat()
    .filter(({ action }) => /^(secretsmanager|ses):/u.test(action))
    .map(({ action, resource }) => `${action} ${resource.replace(/^.*:/u, '')}`)
    .sort();
}

const SES = 'ses:SendRawEmail identity/*';
const secretOf = (service: string) => `secretsmanager:GetSecretValue prefix/${service}-??????`;

it.each<[Estate['mailVia'], string | undefined, string[]]>([
  [['ses'], 'a@b.example', [SES]],
  [['ses'], undefined, []],
  [['smtp'], 'a@b.example', [secretOf('smtp')]],
  [['microsoft-365'], undefined, [secretOf('microsoft-365')]],
  [['microsoft-365', 'smtp'], undefined, [secretOf('microsoft-365'), secretOf('smtp')]],
  [['smtp', 'ses'], 'a@b.example', [secretOf('smtp'), SES]],
])(
  'mail via %j, sender %s: the function reads the secrets of those services, and uses SES only as its sender',
  (via, sender, expected) => {
    expect(mailReach(via, sender)).toEqual([...expected].sort());
  },
);

it('the setting names services, separated by commas; another word is refused', () => {
  const read = (mailVia: string) => readSettings({ mailVia }).properties.mailVia;
  expect(read('smtp, ses')).toEqual(['smtp', 'ses']);
  expect(read('')).toEqual(['ses']);
  expect(() => read('pigeon')).toThrow(/setting mailVia/u);
});
