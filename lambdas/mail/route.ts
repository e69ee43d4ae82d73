import type { Letter } from '../platform/platform.ts';

/** A file that goes along. Its name holds no blanks: a folded header line would part it there. */
export type MailFile = { name: string; bytes: Uint8Array; contentType: string };

/** A finished message, whole and in parts: a route with small requests carries the files one by one. */
export type Message = Letter & {
  /** Its Message-ID, in angle brackets; the same at every attempt of a run. */
  messageId: string;
  files: readonly MailFile[];
  /** The message without its files (RFC 5322). */
  withoutFiles(): Promise<Uint8Array>;
};

/** What a route accepted. `refusedRecipients` got nothing, although others did. */
export type Accepted = { messageId: string; refusedRecipients?: readonly string[] };

/** Bytes of files that a route carries as they are, and at most once they are compressed; above that they are only named. */
export type Capacity = { asTheyAre: number; compressed: number };

/** One way by which mail leaves. */
export type MailRoute = {
  /** Name in messages. */
  name: string;
  capacity: Capacity;
  /** Errors: `MailRefused` where certainly nothing was accepted; any other error leaves that open. None holds a secret. */
  send(message: Message): Promise<Accepted>;
  /** Looks whether this message went out before; undefined where that cannot be seen. */
  find?(message: Message): Promise<Accepted | undefined>;
  /** Proves as much as can be proven without sending, and says in a sentence what that is. Errors: as `send`. */
  check(): Promise<string>;
};
