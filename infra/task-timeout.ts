import * as z from 'zod/mini';
import { loadDefinition } from '../statemachine/definition.ts';

const Task = z.object({
  Type: z.literal('Task'),
  TimeoutSeconds: z.int(),
  Parameters: z.union([z.object({ FunctionName: z.string() }), z.object({ 'FunctionName.$': z.string() })]),
});

const States = z.record(z.string(), z.unknown());
const Nested = z.object({ ItemProcessor: z.object({ States }) });

/** A cold function has 10 seconds to start, which count towards the state's timeout but not the function's. */
const START_SECONDS = 10;

/**
 * Timeout in seconds of the function of this name (without prefix): less than its state's. A function that ran longer
 * would keep working after the run went on without it, and a state that ended at the same time would not get the
 * reason.
 */
export function functionTimeoutOf(functionName: string): number {
  const seconds = tasksIn(z.parse(States, loadDefinition().States)).flatMap((task) =>
    calls(task, functionName) ? [task.TimeoutSeconds] : [],
  );
  if (seconds.length === 0) throw new Error(`no state of the state machine calls ${functionName}`);
  return Math.min(...seconds) - START_SECONDS;
}

type Task = z.output<typeof Task>;

function tasksIn(states: z.output<typeof States>): Task[] {
  return Object.values(states).flatMap((state) => {
    const nested = z.safeParse(Nested, state);
    if (nested.success) return tasksIn(nested.data.ItemProcessor.States);
    const task = z.safeParse(Task, state);
    return task.success ? [task.data] : [];
  });
}

/**
 * A computed name reads States.Format('collector-{}', …). The state that can call any function does not count: a
 * function that checks whether it could work has its own time limit.
 */
function calls({ Parameters }: Task, functionName: string): boolean {
  if ('FunctionName' in Parameters) return Parameters.FunctionName === functionName;
  const [, stem = ''] = /'([^'{]*)\{\}'/u.exec(Parameters['FunctionName.$']) ?? [];
  return stem !== '' && functionName.startsWith(stem);
}
