import { systemClock } from '../wire/clock.ts';
import type { Platform, Progress } from './platform.ts';

/**
 * Environment variables: REPORT_BUCKET is needed for files; SECRET_PREFIX has a default, TIME_ZONE
 * (the schedule's) defaults to UTC.
 */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The ways out that a function was built with: those named by its access. */
export type WaysOut = Partial<Pick<Platform, 'objects' | 'secrets' | 'mail' | 'transport' | 'connect'>>;

/** What a step needs, on AWS. Call it once a process: the clients keep their connections between invocations. */
export const awsPlatform = (
  environment: Environment,
  ways: WaysOut,
  progress: (event: Progress) => void = () => {},
): Platform => ({
  ...closed,
  ...ways,
  clock: systemClock,
  random: Math.random,
  timeZone: environment.TIME_ZONE ?? 'UTC',
  progress,
});

/** Using such a way is a fault in the table of steps, not in the installation: the role has no right to it either. */
const none = (what: string) => async (): Promise<never> => {
  throw new Error(`this function was built without ${what}: its access does not name it`);
};

const [files, secrets] = [none('the files of the bucket'), none('secrets')];
const closed: Required<WaysOut> = {
  objects: {
    ...{ read: files, writtenAt: files, write: files, createOnce: files, remove: files },
    locate: (key) => key,
  },
  secrets: { read: secrets, write: secrets },
  mail: { send: none('mail') },
  transport: none('HTTP'),
  connect: none('connections'),
};
