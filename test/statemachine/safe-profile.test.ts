import { describe, expect, it } from 'vitest';
import { loadDefinition } from '../../statemachine/definition.ts';

/*
 * What the embedded engine does differently from Step Functions, or not at all, is kept out of the definition, so that
 * both give the same answer. Each rule names what would go wrong.
 */

type Node = Record<string, unknown>;
type Machine = { StartAt: string; States: Record<string, Node> };

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every machine in the definition: itself, and each Map's. */
function machinesIn(machine: Machine): Machine[] {
  const inner = Object.values(machine.States).flatMap((state) =>
    isNode(state.ItemProcessor) ? machinesIn(asMachine(state.ItemProcessor)) : [],
  );
  return [machine, ...inner];
}

function asMachine(value: Node): Machine {
  const { StartAt, States } = value;
  if (typeof StartAt !== 'string' || !isNode(States)) throw new Error('a machine has StartAt and States');
  const states = Object.entries(States).map(([name, state]) => {
    if (!isNode(state)) throw new Error(`${name} is not an object`);
    return [name, state] as const;
  });
  return { StartAt, States: Object.fromEntries(states) };
}

/** Every member anywhere below `value`, with the names that lead to it. */
function* membersBelow(
  value: unknown,
  path: string[] = [],
): Generator<{ path: string[]; key: string; value: unknown }> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* membersBelow(item, [...path, String(index)]);
  } else if (isNode(value)) {
    for (const [key, item] of Object.entries(value)) {
      yield { path: [...path, key], key, value: item };
      yield* membersBelow(item, [...path, key]);
    }
  }
}

const arrayOf = (value: unknown): Node[] => (Array.isArray(value) ? value.filter(isNode) : []);

/** Where a state may lead. */
function targetsOf(state: Node): string[] {
  const all = [state, ...arrayOf(state.Choices), ...arrayOf(state.Catch)];
  return all.flatMap(({ Next, Default }) => [Next, Default]).filter((target) => typeof target === 'string');
}

const root = asMachine({ ...loadDefinition() });
const machines = machinesIn(root);
const states = machines.flatMap(({ States }) => Object.entries(States).map(([name, state]) => ({ name, state })));
const members = [...membersBelow(root)];
const named = (key: string) => members.filter((member) => member.key === key);
const places = (problems: readonly { path: string[] }[]) => problems.map(({ path }) => path.join('.'));

/** The names of errors.ts, and those that AWS itself raises. */
const KNOWN_ERROR =
  /^(States\.(ALL|Timeout|TaskFailed|DataLimitExceeded|Runtime)|Lambda\.(ClientExecutionTimeoutException|ServiceException|AWSLambdaException|SdkClientException|TooManyRequestsException)|Vendor(Auth|RateLimit|Unavailable|Contract)Error|ConfigurationError|NotManagingOrganizationError|DeliveryError)$/u;

/** Members whose value is a path by their own nature. */
const PATH_MEMBERS = /^(InputPath|OutputPath|ResultPath|ItemsPath|SecondsPath|ErrorPath|CausePath|Variable)$|\.\$$/u;

describe('the definition uses only what the embedded engine does like Step Functions', () => {
  it('tests no Is… for false: the engine ignores the test', () => {
    expect(places(members.filter(({ key, value }) => /^Is[A-Z]/u.test(key) && value === false))).toEqual([]);
  });

  it('has no ResultPath "$": the engine puts the result under an empty name', () => {
    expect(places(named('ResultPath').filter(({ value }) => value === '$'))).toEqual([]);
  });

  it('has no falsy Result: the engine passes on the input instead', () => {
    expect(places(named('Result').filter(({ value }) => !value))).toEqual([]);
  });

  it('uses JSONPath throughout: no JSONata, no variables', () => {
    expect(loadDefinition()).toMatchObject({ QueryLanguage: 'JSONPath' });
    const foreign = ['QueryLanguage', 'Assign', 'Arguments', 'Output', 'Items'].flatMap(named);
    expect(places(foreign)).toEqual([]);
    expect(places(members.filter(({ value }) => typeof value === 'string' && value.startsWith('{%')))).toEqual([]);
  });

  it('has inline Maps only', () => {
    const modes = states.flatMap(({ state }) =>
      isNode(state.ItemProcessor) && isNode(state.ItemProcessor.ProcessorConfig)
        ? [state.ItemProcessor.ProcessorConfig.Mode]
        : [],
    );
    expect(modes).toEqual(['INLINE', 'INLINE']);
    expect(['ItemReader', 'ItemBatcher', 'ResultWriter', 'Label'].flatMap(named)).toEqual([]);
  });

  it('gives every Task its TimeoutSeconds: the engine would stop at 60, Step Functions never', () => {
    const without = states.filter(({ state }) => state.Type === 'Task' && typeof state.TimeoutSeconds !== 'number');
    expect(without.map(({ name }) => name)).toEqual([]);
  });

  it('calls nothing but Lambda functions, in the form that answers with Payload', () => {
    const resources = states.filter(({ state }) => state.Type === 'Task').map(({ state }) => state.Resource);
    expect(new Set(resources)).toEqual(new Set(['arn:aws:states:::lambda:invoke']));
  });

  it('has States.ALL alone and last', () => {
    for (const { name, state } of states) {
      for (const list of [arrayOf(state.Retry), arrayOf(state.Catch)]) {
        list.forEach(({ ErrorEquals }, place) => {
          const names: unknown[] = Array.isArray(ErrorEquals) ? ErrorEquals : [];
          if (!names.includes('States.ALL')) return;
          expect(names, name).toEqual(['States.ALL']);
          expect(place, name).toBe(list.length - 1);
        });
      }
    }
  });

  it('matches only errors that are raised', () => {
    const matched = named('ErrorEquals').flatMap(({ value }) => (Array.isArray(value) ? value : []));
    expect(matched.filter((name) => !KNOWN_ERROR.test(name))).toEqual([]);
  });

  it('has what looks like a path only where a path is meant', () => {
    const paths = members.filter(
      ({ key, value }) =>
        typeof value === 'string' && /^(\$|States\.[A-Z]\w+\()/u.test(value) && !PATH_MEMBERS.test(key),
    );
    expect(places(paths)).toEqual([]);
  });

  it('reads nothing about the execution inside a Map: there the engine shows the iteration as the execution', () => {
    for (const { name, state } of states) {
      const inside = [...membersBelow(state.ItemProcessor), ...membersBelow(state.ItemSelector)];
      const asked = inside.filter(({ value }) => typeof value === 'string' && value.includes('$$.Execution'));
      expect(places(asked), name).toEqual([]);
    }
  });
});

describe('the definition is connected', () => {
  it.each(machines.map((machine) => [machine.StartAt, machine] as const))('from %s', (_, machine) => {
    const reached = new Set<string>();
    const waiting = [machine.StartAt];
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      if (reached.has(name)) continue;
      reached.add(name);
      const state = Object.hasOwn(machine.States, name) ? machine.States[name] : undefined;
      expect(state, `${name} is led to and exists`).toBeDefined();
      waiting.push(...(state === undefined ? [] : targetsOf(state)));
    }
    expect(Object.keys(machine.States).filter((name) => !reached.has(name))).toEqual([]);
  });

  it('ends in failure only after the log is written', () => {
    const leading = states.filter(({ state }) => targetsOf(state).includes('EndInFailure')).map(({ name }) => name);
    expect(leading).toEqual(['IsSuccess']);
  });

  it('catches whatever a Task or Map throws, except in the log', () => {
    const uncaught = states.filter(
      ({ state }) => (state.Type === 'Task' || state.Type === 'Map') && state.Catch === undefined,
    );
    // A check that cannot even begin has no run to log.
    expect(uncaught.map(({ name }) => name)).toEqual(['CheckUp', 'BuildAutomationLog']);
  });
});
