import type { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod/mini';

const OneOrMore = z.pipe(
  z.union([z.unknown(), z.array(z.unknown())]),
  z.transform((value): unknown[] => (Array.isArray(value) ? value : [value])),
);
const Statement = z.object({
  Sid: z.optional(z.string()),
  Effect: z.literal('Allow'),
  Action: OneOrMore,
  Resource: OneOrMore,
  Condition: z.optional(z.unknown()),
});
const Role = z.object({
  Metadata: z.object({ 'aws:cdk:path': z.string() }),
  Properties: z.object({
    AssumeRolePolicyDocument: z.unknown(),
    ManagedPolicyArns: z.optional(z.array(z.unknown())),
    Policies: z.array(z.object({ PolicyDocument: z.object({ Statement: z.array(Statement) }) })),
  }),
});

/** One grant: an action on a resource, as a person reads it. */
export type Grant = { action: string; resource: string; condition?: unknown };

/** What each role of the template may do, by the part of its path that tells whose it is ("collector-duo"). */
export function reachOf(template: Template): ReadonlyMap<string, Grant[]> {
  const roles = Object.values(template.findResources('AWS::IAM::Role')).map((role) => z.parse(Role, role));
  return new Map(
    roles.map(({ Metadata, Properties }) => {
      const owner = Metadata['aws:cdk:path']
        .split('/')
        .slice(2, -1)
        .join('/')
        .replace(/\/Role$/u, '');
      const grants = Properties.Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement).flatMap(
        ({ Action, Resource, Condition }) =>
          Action.flatMap((action) =>
            Resource.map(
              (resource): Grant => ({
                action: String(action),
                resource: inWords(resource),
                ...(Condition === undefined ? {} : { condition: Condition }),
              }),
            ),
          ),
      );
      return [owner, grants] as const;
    }),
  );
}

const Joined = z.object({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.unknown())]) });
const Attribute = z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) });
const Reference = z.object({ Ref: z.string() });

/** An ARN in words: `<ReportBucket.Arn>/runs/…`, without the digits that CDK puts behind its names. */
function inWords(value: unknown): string {
  if (typeof value === 'string') return value;
  const joined = z.safeParse(Joined, value);
  if (joined.success) return joined.data['Fn::Join'][1].map(inWords).join('');
  const attribute = z.safeParse(Attribute, value);
  if (attribute.success) return `<${attribute.data['Fn::GetAtt'][0].replace(/[0-9A-F]{8}$/u, '')}>`;
  return `<${z.parse(Reference, value).Ref.replace(/^AWS::/u, '')}>`;
}
