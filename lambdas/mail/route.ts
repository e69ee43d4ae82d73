import type { Letter } from '../platform/platform.ts';

/** An attached file. Its name contains no spaces: a folded header line would break there. */
export type MailFile = { name: string; bytes: Uint8Array; contentType: string };

/** A finished message, whole and in parts: a route with small requests sends the files one by one. */
export type Message = Letter & {
  /** Its Message-ID, in angle brackets; the same at every attempt of a run. */
  messageId: string;
  files: readonly MailFile[];
  /** The message without its files (RFC 5322). */
  withoutFiles(): Promise<Uint8Array>;
};

/** What a route accepted. `refusedRecipients` did not get the mail, others did. */
export type Accepted = { messageId: string; refusedRecipients?: readonly string[] };

/**
 * Bytes of files that a route sends uncompressed, and the most that it sends compressed; larger files are only named.
 */
export type Capacity = { asTheyAre: number; compressed: number };

/** One way to send mail. */
export type MailRoute = {
  /** Name in messages. */
  name: string;
  capacity: Capacity;
  /** Errors: `MailRefused` if certainly nothing was accepted; any other error leaves that open. None holds a secret. */
  send(message: Message): Promise<Accepted>;
  /** Checks whether this message went out before; undefined if that cannot be seen. */
  find?(message: Message): Promise<Accepted | undefined>;
  /** Proves as much as possible without sending, and returns it as a sentence. Errors: as `send`. */
  check(): Promise<string>;
};
