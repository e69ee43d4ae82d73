import type { Clock } from '../wire/clock.ts';
import type { Connect } from '../wire/connect.ts';
import type { Transport } from '../wire/transport.ts';

/** What a file is made of: chunks, where the whole is not to be held. They may be asked for more than once. */
export type Body = string | Uint8Array | Iterable<Uint8Array>;

/** Where files live: the report bucket, or a directory. Keys are `config/…`, `runs/<runId>/…`, `history/…` and `locks/…`. */
export type Objects = {
  /** The object's bytes; undefined when there is none. */
  read(key: string): Promise<Uint8Array | undefined>;
  /** When the object was last written, ISO 8601; undefined when there is none. */
  writtenAt(key: string): Promise<string | undefined>;
  /** Writes or replaces. Readers see the old or the new object, never a part. */
  write(key: string, body: Body, contentType: string): Promise<void>;
  /** Writes only where nothing is yet; false when something already was. The one lock that this project needs. */
  createOnce(key: string, body: Body): Promise<boolean>;
  /** Removes; no error where nothing is. */
  remove(key: string): Promise<void>;
  /** Where a person finds it: a path, or an s3:// address. */
  locate(key: string): string;
};

/** Where credentials live, one secret an integration. */
export type Secrets = {
  /** The parsed secret; undefined when there is none. Errors: `ConfigurationError` when it is no JSON. */
  read(integration: string): Promise<unknown>;
  /** Replaces the secret (rotating tokens); resolves when it is durable. */
  write(integration: string, secret: Record<string, unknown>): Promise<void>;
};

/** A finished message (RFC 5322) and its envelope. */
export type Letter = { raw: Uint8Array; from: string; recipients: readonly string[]; configurationSet?: string };

/**
 * How mail leaves. `repeatable` where sending the same letter again changes nothing, because it only becomes a file.
 * Errors: `DeliveryError` saying whether the mail may have gone out.
 */
export type Mail = {
  send(letter: Letter, key: string): Promise<{ messageId: string }>;
  repeatable?: boolean;
  /** Proves without sending that mail from this address would be accepted, and says what it proved. */
  check?(from: string): Promise<string>;
};

/** One number for whoever watches the installation: of the whole run, or of one integration in it. */
export type Figure = { metric: string; value: number; integration?: string };

/** What is told while a step runs, for a progress display, a log or a monitor. */
export type Progress =
  | { kind: 'customers'; integration: string; customers: number }
  | { kind: 'waiting'; integration: string; seconds: number; reason: string }
  | { kind: 'measured'; figures: readonly Figure[] };

/** Everything that a step needs from outside. */
export type Platform = {
  objects: Objects;
  secrets: Secrets;
  mail: Mail;
  transport: Transport;
  /** For what is no HTTP: a mail server. */
  connect: Connect;
  clock: Clock;
  random: () => number;
  /** IANA name by which days and months go where report.json names none. */
  timeZone: string;
  progress: (event: Progress) => void;
};

/** A step stops this long before its Lambda, or its state, runs out of time, so that it can leave a checkpoint. */
export const HEADROOM_MILLISECONDS = 20_000;

/** What one invocation is granted. */
export type Invocation = {
  /** Milliseconds since the epoch at which the step must have answered. */
  deadline: number;
};

/** A step: JSON in, JSON out, as Step Functions calls it. */
export type Step = (input: unknown, platform: Platform, invocation: Invocation) => Promise<unknown>;
