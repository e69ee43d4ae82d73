import type * as z from 'zod/mini';
import { Api } from '../../wire/api.ts';
import { type ApiDeclaration, RequestPath } from '../../wire/request.ts';
import type { OpenRight, UnseenRight } from '../../wire/rights.ts';
import type { Session } from '../../wire/session.ts';
import { type Given, type Members, readSettings } from '../../wire/settings.ts';
import { withCompanyId } from './companies.ts';
import type { OpenPsa, PsaOperations } from './operations.ts';
import type { TicketMember, TicketOrder } from './order.ts';
import { type PsaRight, seenAndUnseen } from './rights.ts';

/**
 * A PSA as it is declared. `S` is the secret's shape, `C` the configuration's; the functions see both as `settings`.
 */
export type PsaDeclaration<S extends Members, C extends Members> = {
  /** Integration id: also the secret's name and the field in report.json. */
  id: string;
  /** Name in messages. */
  name: string;
  /** What to do at the PSA before the first run, for the documentation. */
  setup: { create: string; rights: string | readonly PsaRight<z.output<S> & z.output<C>>[] };
  secret: S;
  configuration: C;
  /** Which neutral ticket fields it takes, and what each means there, for the documentation. */
  members: Partial<Record<TicketMember, string>>;
  /** Largest file in bytes that may be attached. */
  attachmentLimit: number;
  /**
   * The create call includes the order's files, so that ticket and files appear together; `attach` adds what is
   * missing.
   */
  carriesFiles?: boolean;
  /** Seconds after which a ticket or file that was made shows in a look-up. */
  settleSeconds: number;
  /** Identifies this instance among all that the settings could name; nothing secret. */
  address: (settings: z.output<S> & z.output<C>) => string;
  api: (settings: z.output<S> & z.output<C>) => ApiDeclaration;
  operations: (api: Api, settings: z.output<S> & z.output<C>, session: Session) => PsaOperations;
};

/** A declared PSA as the other rooms see it, without the types of its settings. */
export type Psa = Omit<PsaDeclaration<Members, Members>, 'address' | 'api' | 'operations' | 'setup'> & {
  setup: { create: string; rights: string };
  /** Reads the settings and nothing else. Errors: `ConfigurationError` naming file and field. */
  check(given: Given): void;
  /** Reads the settings; the opened PSA works within `session`. Errors: as `check`. */
  open(given: Given, session: Session): OpenPsa;
  /**
   * Reads the settings, ready to check what the credentials may do with `order`, the ticket that a run would make.
   * Errors: as `check`.
   */
  openRights(given: Given, session: Session, order: TicketOrder): PsaRights;
};

export type PsaRights = {
  /** The rights that can be checked by reading. */
  rights: readonly OpenRight<void>[];
  /** Those that only a delivery can show. */
  unseen: readonly UnseenRight[];
  /** Resolves when all that the ticket names is there. Errors: `DeliveryError` naming the field of report.json. */
  fits: () => Promise<unknown>;
};

/**
 * A file takes at most a minute to arrive or to be given up (the request path's time-out), so a PSA whose look-up is
 * immediate has settled after it.
 */
export const SETTLED_AFTER_TIMEOUT = 60;

/** Declares a PSA; the types of `settings` follow from its schemas. */
export function psa<S extends Members, C extends Members>(declaration: PsaDeclaration<S, C>): Psa {
  const { address, api, operations, setup, ...described } = declaration;
  const { sentence, seen, unseen } = seenAndUnseen(setup);
  const begin = (written: Given, session: Session) => {
    session.redactor.hide(written.secret);
    const settings = readSettings(declaration, written);
    const opened = new Api(new RequestPath(api(settings), session));
    return { settings, opened, offered: operations(opened, settings, session) };
  };
  return {
    ...described,
    setup: { create: setup.create, rights: sentence },
    check: (given) => {
      readSettings(declaration, given);
    },
    open(given, session) {
      const { settings, offered } = begin(given, session);
      const { name, attachmentLimit, carriesFiles = false, settleSeconds } = declaration;
      return {
        ...offered,
        ...{ name, address: address(settings), attachmentLimit, carriesFiles, settleSeconds, session },
      };
    },
    openRights(given, session, order) {
      const { settings, opened, offered } = begin(given, session);
      return {
        rights: seen.map(({ right, where, check }) => ({
          ...{ right, where },
          check: () => check({ api: opened, settings, psa: offered, order }),
        })),
        unseen,
        fits: async () => {
          const ticket = await withCompanyId({ ...offered, name: declaration.name }, order.ticket);
          return offered.prepare({ ...order, ticket });
        },
      };
    },
  };
}
