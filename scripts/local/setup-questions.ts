import * as z from 'zod/mini';
import { readConfiguration } from '../../lambdas/configuration/report-json.ts';
import type { Registry } from '../../lambdas/registry.ts';
import { isReportError } from '../../lambdas/report/errors.ts';
import type { Conversation } from './conversation.ts';
import { readableId } from './first-organizations.ts';

/** The person left before everything was answered. */
export class Left extends Error {}

type Integration = Registry['collectors'][number] | Registry['psas'][number];

/** Asks for everything in report.json, and again after a wrong answer. Errors: `Left`. */
export async function askForReport({ collectors, psas }: Registry, talk: Conversation): Promise<unknown> {
  const ask = asker(talk);
  const name = await ask('Name of your MSP', text);
  const id = await ask('A short id for it', text, readableId(name));
  talk.say(`\nWhat do you count from?\n${numbered(collectors)}`);
  const vendors = await ask('Numbers, separated by commas', choices(collectors));
  talk.say(`\nWhich PSA are your customers in?\n${numbered(psas)}`);
  const psa = await ask('Its number, or - for none', (written) =>
    written === '-' ? null : choices(psas)(written)?.[0],
  );
  const installed = [
    ...new Map(
      [...vendors, ...(psa === null ? [] : [psa])].map((integration) => [integration.id, integration]),
    ).values(),
  ];
  const integrations: Record<string, unknown> = {};
  for (const integration of installed) integrations[integration.id] = await askForSettings(integration, ask);
  for (;;) {
    const delivery = await askForDelivery(
      psas.find((declared) => declared.id === psa?.id),
      ask,
    );
    const report = { managingOrganization: { id, name }, integrations, delivery };
    try {
      readConfiguration(report, { integrations: collectors.map(({ id }) => id), psas: psas.map(({ id }) => id) });
      return report;
    } catch (error) {
      if (!isReportError(error, 'ConfigurationError')) throw error;
      talk.say(error.message);
    }
  }
}

type Ask = ReturnType<typeof asker>;

/** Asks until `read` accepts the answer; an empty one is the preset. */
function asker(talk: Conversation) {
  return async <T>(question: string, read: (given: string) => T | undefined, preset?: string): Promise<T> => {
    for (;;) {
      const written = await talk.ask(`${question}${preset === undefined || preset === '' ? '' : ` [${preset}]`} > `);
      if (written === undefined) throw new Left();
      const answer = read(written === '' && preset !== undefined ? preset : written);
      if (answer !== undefined) return answer;
      talk.say(`  "${written}" does not answer this question; leave with Ctrl-C, and run setup again when you know`);
    }
  };
}

/** The required fields of an integration's configuration; the others have a default. */
async function askForSettings({ name, configuration }: Integration, ask: Ask): Promise<Record<string, unknown>> {
  const { required = [] } = z.toJSONSchema(configuration, { io: 'input', unrepresentable: 'any' });
  const settings: Record<string, unknown> = {};
  for (const member of required) {
    const schema = configuration.shape[member];
    settings[member] = await ask(`${name}: ${member}`, (written) =>
      schema === undefined ? written : valid(schema, written),
    );
  }
  return settings;
}

/** The text itself, or the JSON number or literal that it spells, whichever the field accepts. */
function valid(schema: z.core.$ZodType, written: string): unknown {
  return [written, spelled(written)].find((value) => written !== '' && z.core.safeParse(schema, value).success);
}

function spelled(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch {
    return undefined;
  }
}

async function askForDelivery(psa: Registry['psas'][number] | undefined, ask: Ask): Promise<Record<string, unknown>> {
  const ways = psa === undefined ? ['email', 'return', 'none'] : ['psa', 'email', 'return', 'none'];
  const mechanism = await ask(
    `\nHow is the report delivered? ${ways.join(', ')}`,
    (written) => ways.find((way) => way === written),
    'none',
  );
  const ticket: Record<string, string> = {};
  for (const [member, meaning] of mechanism === 'psa' && psa !== undefined ? Object.entries(psa.members) : []) {
    const written = await ask(`Ticket: ${member} (${meaning}), - to leave it out`, text);
    if (written !== '-') ticket[member] = written;
  }
  const email =
    mechanism === 'email'
      ? {
          from: await ask('E-mail: from which address', text),
          recipients: await ask('To whom, separated by commas', text),
        }
      : undefined;
  return {
    mechanism,
    ...(psa === undefined ? {} : { psa: { integration: psa.id, ticket } }),
    ...(email === undefined ? {} : { email }),
  };
}

const text = (written: string): string | undefined => (written === '' ? undefined : written);

const numbered = (list: readonly Integration[]): string =>
  list.map(({ name, id }, index) => `  ${String(index + 1).padStart(2)}  ${name} (${id})`).join('\n');

/** Those whose number or id is given; undefined if one is neither. */
const choices =
  <T extends Integration>(list: readonly T[]) =>
  (written: string): T[] | undefined => {
    const chosen = written.split(',').map((part) => {
      const word = part.trim();
      return /^\d+$/u.test(word) ? list[Number(word) - 1] : list.find(({ id }) => id === word);
    });
    return chosen.every((choice) => choice !== undefined) ? chosen : undefined;
  };
