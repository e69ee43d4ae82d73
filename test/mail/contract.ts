import { simpleParser } from 'mailparser';
import { afterEach, describe, expect, test } from 'vitest';
import type { MailRoute, Message } from '../../lambdas/mail/route.ts';
import { type MailMarker, sendOnce, type Way } from '../../lambdas/mail/send-once.ts';
import { MailRefused } from '../../lambdas/platform/mail-refused.ts';
import { memoryMarker, sampleMessage } from './sample-message.ts';

/** A route and the server behind it. */
export type Rig = {
  /** A new process's route. */
  open(): Promise<MailRoute>;
  /** The messages that the server took (RFC 5322), in order. */
  taken(): Buffer[];
  /** The next message is refused, by a server that says back all it heard. */
  refuse(): void;
  /** The next message is taken, and the connection ends before the answer. */
  loseAnswer(): void;
  /** The server is not there at all. */
  vanish(): void;
  /** What no error may hold. */
  canaries: readonly string[];
  end(): Promise<void>;
};

const BOTH: Way['via'] = 'smtp';

/** What every route keeps, whatever its protocol. */
export function mailContract(name: string, make: () => Promise<Rig>): void {
  const rigs: Rig[] = [];
  const ready = async (): Promise<Rig> => {
    const rig = await make();
    rigs.push(rig);
    return rig;
  };
  afterEach(async () => {
    await Promise.all(rigs.splice(0).map((rig) => rig.end()));
  });
  const deliver = (ways: readonly [Way, ...Way[]], marker: MailMarker) => sendOnce(ways, sampleMessage, marker);
  const way = (rig: Rig): Way => ({ via: BOTH, open: () => rig.open() });
  const thrown = (work: Promise<unknown>) => work.then(() => undefined).catch((error: unknown) => error);

  describe(`${name}: a mail`, () => {
    test('arrives byte for byte, with its files', async () => {
      const rig = await ready();
      const message = await sampleMessage((await rig.open()).capacity);
      expect(await (await rig.open()).send(message)).toMatchObject({ messageId: expect.any(String) });
      const [taken, ...others] = rig.taken();
      expect(others).toEqual([]);
      expect(taken?.equals(Buffer.from(message.raw))).toBe(true);
      const { attachments, subject } = await simpleParser(taken ?? '');
      expect(subject).toBe('Billing Reconciliation - November 2026');
      expect(attachments.map(({ filename, content }) => [filename, content.length])).toEqual(
        message.files.map((file) => [file.name, file.bytes.byteLength]),
      );
    });

    test('that was refused was certainly not sent, and the same run sends it later', async () => {
      const rig = await ready();
      const marker = memoryMarker();
      rig.refuse();
      const error = await thrown(deliver([way(rig)], marker));
      expect(error).toBeInstanceOf(MailRefused);
      expect(rig.taken()).toEqual([]);
      await deliver([way(rig)], marker);
      expect(rig.taken()).toHaveLength(1);
    });

    test('that was refused, and stays begun because its marker cannot be removed, says what to delete and why', async () => {
      const rig = await ready();
      rig.refuse();
      const marker = { ...memoryMarker(), release: () => Promise.reject(new Error('the role may not')) };
      await expect(deliver([way(rig)], marker)).rejects.toThrow(
        /was not sent: .*delete the marker, which could not be removed \(the role may not\), and run again/su,
      );
    });

    test('for an unreachable server was certainly not sent', async () => {
      const rig = await ready();
      rig.vanish();
      expect(await thrown(deliver([way(rig)], memoryMarker()))).toBeInstanceOf(MailRefused);
    });

    test('whose answer was lost may have gone out: that is reported, and a repeated run sends no second one', async () => {
      const rig = await ready();
      const marker = memoryMarker();
      rig.loseAnswer();
      for (let run = 1; run <= 2; run += 1) {
        const error = await thrown(deliver([way(rig)], marker));
        expect(error).not.toBeInstanceOf(MailRefused);
        expect(error).toMatchObject({
          name: 'DeliveryError',
          message: expect.stringMatching(/not known whether the mail went out.*delete the marker/u),
        });
      }
      expect(rig.taken()).toHaveLength(1);
    });

    test('of a repeated run, or of two at once, goes out once', async () => {
      const rig = await ready();
      const marker = memoryMarker();
      await Promise.allSettled([deliver([way(rig)], marker), deliver([way(rig)], marker)]);
      const again = await deliver([way(rig)], marker);
      expect(again).toMatchObject({ via: BOTH, recipients: ['billing@northwind.example', 'owner@northwind.example'] });
      expect(rig.taken()).toHaveLength(1);
    });
  });

  describe(`${name}: a second way`, () => {
    const second = () => {
      const sent: Message[] = [];
      const open = async (): Promise<MailRoute> => ({
        name: 'second',
        capacity: { asTheyAre: 1_000, compressed: 1_000 },
        async send(message) {
          sent.push(message);
          return { messageId: message.messageId };
        },
        check: async () => '',
      });
      return { sent, way: { via: 'ses', open } satisfies Way };
    };

    test('is used if the first certainly accepted nothing, and that is reported', async () => {
      const rig = await ready();
      const other = second();
      rig.refuse();
      const sent = await deliver([way(rig), other.way], memoryMarker());
      expect(sent).toMatchObject({ via: 'ses', remark: expect.stringContaining('the mail was not sent') });
      expect(other.sent).toHaveLength(1);
      expect(rig.taken()).toEqual([]);
    });

    test('is not used if the first may have accepted it', async () => {
      const rig = await ready();
      const other = second();
      rig.loseAnswer();
      await expect(deliver([way(rig), other.way], memoryMarker())).rejects.toThrow(/not known whether/u);
      expect(other.sent).toEqual([]);
    });
  });

  test(`${name}: no error contains a secret, whatever the server answers`, async () => {
    const rig = await ready();
    rig.refuse();
    const errors = [await thrown(deliver([way(rig)], memoryMarker()))];
    rig.loseAnswer();
    errors.push(await thrown(deliver([way(rig)], memoryMarker())));
    rig.vanish();
    errors.push(await thrown(deliver([way(rig)], memoryMarker())));
    for (const error of errors) {
      expect(error).toBeInstanceOf(Error);
      const text = `${String(error)} ${error instanceof Error ? String(error.cause) : ''}`;
      for (const canary of rig.canaries) {
        expect(text).not.toContain(canary);
        expect(text).not.toContain(Buffer.from(canary).toString('base64'));
      }
    }
  });

  test(`${name}: a check sends nothing`, async () => {
    const rig = await ready();
    expect(await (await rig.open()).check()).toMatch(/\S/u);
    expect(rig.taken()).toEqual([]);
    rig.vanish();
    await expect((await rig.open()).check()).rejects.toThrow(/\S/u);
  });
}
