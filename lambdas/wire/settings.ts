import * as z from 'zod/mini';
import { describeIssue } from '../report/describe-issue.ts';
import { ReportError } from '../report/errors.ts';

export type Members = z.ZodMiniObject;

/** The end of a sentence on an unknown field of `integrations.<id>`: what is known instead. */
export const knownInConfiguration = ({ shape }: Members): string => knownOf(['enabled', ...Object.keys(shape)]);

const knownOf = (names: readonly string[]): string => `; known: ${names.length === 0 ? 'none' : names.join(', ')}`;

/** The settings of an integration: one shape for the secret, one for its field in report.json. */
export type SettingsShape<S extends Members, C extends Members> = { id: string; secret: S; configuration: C };

/** What a person wrote: the content of `secrets/<id>.json` and of `integrations.<id>`. */
export type Given = { secret: unknown; configuration: unknown };

/**
 * Reads and merges secret and configuration; a field that was written in the other of the two places is accepted there.
 * Errors: `ConfigurationError` naming file, field and what is expected, for every fault at once.
 */
export function readSettings<S extends Members, C extends Members>(
  shape: SettingsShape<S, C>,
  given: Given,
): z.output<S> & z.output<C> {
  const secretPlace = `secrets/${shape.id}.json`;
  const configurationPlace = `report.json: integrations.${shape.id}`;
  const secret = members(given.secret, secretPlace);
  const configuration = members(given.configuration, configurationPlace);
  move(secret, configuration, shape.secret, shape.configuration, secretPlace, configurationPlace);
  move(configuration, secret, shape.configuration, shape.secret, configurationPlace, secretPlace);

  const faults: string[] = [];
  const check = <M extends Members>(
    schema: M,
    value: Record<string, unknown>,
    place: string,
    known: string,
  ): z.output<M> | undefined => {
    const result = z.safeParse(schema, value);
    if (result.success) return result.data;
    faults.push(
      ...result.error.issues.map((issue) => {
        const isUnknown = issue.code === 'unrecognized_keys' && issue.path.length === 0;
        return `${place}: ${describeIssue(issue, value)}${isUnknown ? known : ''}`;
      }),
    );
    return undefined;
  };
  const checkedSecret = check(shape.secret, secret, secretPlace, knownOf(Object.keys(shape.secret.shape)));
  const checkedConfiguration = check(
    shape.configuration,
    configuration,
    configurationPlace,
    knownInConfiguration(shape.configuration),
  );
  if (checkedSecret === undefined || checkedConfiguration === undefined) {
    throw new ReportError('ConfigurationError', faults.join('\n'), { wide: true });
  }
  return { ...checkedSecret, ...checkedConfiguration };
}

function members(value: unknown, place: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new ReportError('ConfigurationError', `${place}: expected a JSON object`, { wide: true });
}

/** Moves fields to the place where they belong. */
function move(
  from: Record<string, unknown>,
  to: Record<string, unknown>,
  schema: Members,
  otherSchema: Members,
  fromPlace: string,
  toPlace: string,
): void {
  for (const name of Object.keys(from)) {
    if (name in schema.shape || !(name in otherSchema.shape)) continue;
    if (name in to) {
      throw new ReportError('ConfigurationError', `${fromPlace}: ${name} is in ${toPlace} too; remove one of the two`, {
        wide: true,
      });
    }
    to[name] = from[name];
    delete from[name];
  }
}
