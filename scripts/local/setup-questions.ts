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
  const psa = await ask('Its number, or - for none', (given) => (given === '-' ? null : choices(psas)(given)?.[0]));
  const installed = [...new Map([...vendors, ...(psa === null ? [] : [psa])].map((each) => [each.id, each])).values()];
  const integrations: Record<string, unknown> = {};
  for (const integration of installed) integrations[integration.id] = await askForSettings(integration, ask);
  for (;;) {
    const delivery = await askForDelivery(
      psas.find((each) => each.id === psa?.id),
      ask,
    );
    const report = { managingOrganization: { id, name }, integrations, delivery };
    try {
      readConfiguration(report, { integrations: collectors.map((each) => each.id), psas: psas.map((each) => each.id) });
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
      const given = await talk.ask(`${question}${preset === undefined || preset === '' ? '' : ` [${preset}]`} > `);
      if (given === undefined) throw new Left();
      const answer = read(given === '' && preset !== undefined ? preset : given);
      if (answer !== undefined) return answer;
      talk.say(`  "${given}" does not answer this question; leave with Ctrl-C, and run setup again when you know`);
    }
  };
}

/** The required fields of an integration's configuration; the others have a default. */
async function askForSettings({ name, configuration }: Integration, ask: Ask): Promise<Record<string, unknown>> {
  const { required = [] } = z.toJSONSchema(configuration, { io: 'input', unrepresentable: 'any' });
  const settings: Record<string, unknown> = {};
  for (const member of required) {
    const schema = configuration.shape[member];
    settings[member] = await ask(`${name}: ${member}`, (given) =>
      schema === undefined ? given : valid(schema, given),
    );
  }
  return settings;
}

/** The text itself, or the JSON number or literal that it spells, whichever the field accepts. */
function valid(schema: z.core.$ZodType, given: string): unknown {
  return [given, spelled(given)].find((value) => given !== '' && z.core.safeParse(schema, value).success);
}

function spelled(given: string): unknown {
  try {
    return JSON.parse(given);
  } catch {
    return undefined;
  }
}

async function askForDelivery(psa: Registry['psas'][number] | undefined, ask: Ask): Promise<Record<string, unknown>> {
  const ways = psa === undefined ? ['email', 'return', 'none'] : ['psa', 'email', 'return', 'none'];
  const mechanism = await ask(
    `\nHow is the report delivered? ${ways.join(', ')}`,
    (given) => ways.find((way) => way === given),
    'none',
  );
  const ticket: Record<string, string> = {};
  for (const [member, meaning] of mechanism === 'psa' && psa !== undefined ? Object.entries(psa.members) : []) {
    const given = await ask(`Ticket: ${member} (${meaning}), - to leave it out`, text);
    if (given !== '-') ticket[member] = given;
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

const text = (given: string): string | undefined => (given === '' ? undefined : given);

const numbered = (list: readonly Integration[]): string =>
  list.map(({ name, id }, index) => `  ${String(index + 1).padStart(2)}  ${name} (${id})`).join('\n');

/** Those whose number or id is given; undefined if one is neither. */
const choices =
  <T extends Integration>(list: readonly T[]) =>
  (given: string): T[] | undefined => {
    const chosen = given.split(',').map((part) => {
      const word = part.trim();
      return /^\d+$/u.test(word) ? list[Number(word) - 1] : list.find(({ id }) => id === word);
    });
    return chosen.every((each) => each !== undefined) ? chosen : undefined;
  };
