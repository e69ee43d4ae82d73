import type { Session } from '../wire/session.ts';
import { skewOf } from '../wire/skew.ts';
import type { Skew } from './finding.ts';

/** A session that remembers who answered. */
export class Listening {
  readonly session: Session;
  readonly hosts = new Set<string>();
  readonly skews: Skew[] = [];
  /** The last request, exactly as sent. */
  lastAsked = '';
  #left = Number.POSITIVE_INFINITY;

  constructor(of: Session) {
    this.session = {
      ...of,
      transport: async (wire, signal) => {
        this.lastAsked = `${wire.method} ${wire.url.href} ${String(wire.body ?? '')}`;
        const answer = await of.transport(wire, signal);
        this.#heard(wire.url.host, answer.headers);
        return answer;
      },
    };
  }

  /** True once `stopAfter` answers have come. */
  get isEnough(): boolean {
    return this.#left <= 0;
  }

  /** After this many answers the session's time is up: the request path pauses before it sends another request. */
  stopAfter(answers: number): void {
    this.#left = answers;
  }

  #heard(host: string, headers: Record<string, string>): void {
    const { clock } = this.session;
    const seconds = skewOf(headers, clock.now());
    this.hosts.add(host);
    if (seconds !== undefined) this.skews.push({ host, seconds });
    this.#left -= 1;
    if (this.isEnough) this.session.deadline = clock.now();
  }
}
