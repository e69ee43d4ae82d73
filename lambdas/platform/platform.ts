import type { Clock } from '../wire/clock.ts';
import type { Connect } from '../wire/connect.ts';
import type { Transport } from '../wire/transport.ts';

/** A file's content: in chunks if it is too large for memory. */
export type Body = string | Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/**
 * Where files live: the report bucket, or a directory. Keys are `config/…`, `runs/<runId>/…`, `history/…` and
 * `locks/…`.
 */
export type Objects = {
  /** The object's bytes; undefined if there is none. */
  read(key: string): Promise<Uint8Array | undefined>;
  /** When the object was last written, ISO 8601; undefined if there is none. */
  writtenAt(key: string): Promise<string | undefined>;
  /** Writes or replaces. Readers see the old or the new object, never a part. */
  write(key: string, body: Body, contentType: string): Promise<void>;
  /**
   * Writes only if there is no object yet, otherwise returns false. The one lock that this project needs. Chunks must
   * be iterable more than once.
   */
  createOnce(key: string, body: Body): Promise<boolean>;
  /** Removes; no error if there is nothing. */
  remove(key: string): Promise<void>;
  /** Where a person finds it: a path, or an s3:// address. */
  locate(key: string): string;
};

/** The store of credentials, one secret per integration. */
export type Secrets = {
  /** The parsed secret; undefined if there is none. Errors: `ConfigurationError` if it is not JSON. */
  read(integration: string): Promise<unknown>;
  /** Replaces the secret (rotating tokens); resolves when it is durable. */
  write(integration: string, secret: Record<string, unknown>): Promise<void>;
};

/** A finished message (RFC 5322) and its envelope. */
export type Letter = { raw: Uint8Array; from: string; recipients: readonly string[]; configurationSet?: string };

/**
 * How mail is sent. `repeatable` if sending the same letter again changes nothing, because it only becomes a file.
 * Errors: `DeliveryError`, which states whether the mail may have gone out.
 */
export type Mail = {
  send(letter: Letter, key: string): Promise<{ messageId: string }>;
  repeatable?: boolean;
  /** Proves without sending that mail from this address would be accepted, and returns what it proved. */
  check?(from: string): Promise<string>;
};

/** One metric of the installation: for the whole run, or for one integration in it. */
export type Figure = { metric: string; value: number; integration?: string };

/** What is reported while a step runs, for a progress display, a log or a monitor. */
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
  /** For connections other than HTTP: a mail server. */
  connect: Connect;
  clock: Clock;
  random: () => number;
  /** IANA name of the zone for days and months if report.json names none. */
  timeZone: string;
  progress: (event: Progress) => void;
};

/** A step stops this long before its Lambda, or its state, runs out of time, so that it can leave a checkpoint. */
export const HEADROOM_MILLISECONDS = 20_000;

/** The limits of one invocation. */
export type Invocation = {
  /** Milliseconds since the epoch at which the step must have answered. */
  deadline: number;
};

/** A step: JSON in, JSON out, as Step Functions calls it. */
export type Step = (input: unknown, platform: Platform, invocation: Invocation) => Promise<unknown>;
