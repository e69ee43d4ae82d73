import * as z from 'zod/mini';
import type { Registry } from '../../lambdas/registry.ts';
import { members } from './integrations-page.ts';

type Integration = Registry['collectors'][number] | Registry['psas'][number];

/**
 * The content of a new secret's file: a placeholder for each required field, which is refused until it is
 * replaced. If no single field is required, only one of several, all text fields.
 */
export function secretSkeleton({ secret }: Integration): Record<string, string> {
  const { required = [], properties = {} } = z.toJSONSchema(secret, { io: 'input', unrepresentable: 'any' });
  const texts = Object.entries(properties).flatMap(([member, property]) =>
    typeof property === 'object' && property.type === 'string' ? [member] : [],
  );
  const shown = required.length > 0 ? required : texts;
  return Object.fromEntries(shown.map((member) => [member, `<${member}>`]));
}

/** secrets.md: where to get each field of each secret. */
export function secretsPage(integrations: readonly Integration[]): string {
  const sections = integrations.flatMap(({ id, name, setup, secret, configuration }) => [
    `## ${name}`,
    `At ${name}: ${setup.create}. Rights: ${setup.rights}.`,
    members(`secrets/${id}.json`, secret),
    members(`report.json: integrations.${id}`, configuration),
  ]);
  const head = [
    '# Where to get each secret',
    'Replace every `<placeholder>` in `secrets/` with what the vendor gives you. Leave out optional fields that you do not need.',
  ];
  return `${[...head, ...sections].join('\n\n')}\n`;
}
