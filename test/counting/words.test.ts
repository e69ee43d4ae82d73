import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UnknownWord, words } from '../../lambdas/counting/words.ts';

const statusOf = words('status', { live: ['Active', 'PendingCancel'], ended: ['Cancelled'] });

describe('a word that decides', () => {
  it('is known in any case, with spaces around it, however its parts are joined', () => {
    fc.assert(
      fc.property(
        fc.mixedCase(fc.constantFrom('active', 'pending_cancel', 'Pending Cancel', 'pending-cancel')),
        (word) => {
          expect(statusOf(` ${word}\n`)).toBe('live');
        },
      ),
      { numRuns: 40 },
    );
    expect(statusOf('CANCELLED')).toBe('ended');
  });

  it.each(['inactive', 'active trial', 'not active', 'activ', 'cancel', 'constructor', '__proto__'])(
    'is known as a whole: "%s" is no other word',
    (word) => {
      const outcome = statusOf(word);
      expect(outcome).toBeInstanceOf(UnknownWord);
      expect(outcome).toMatchObject({ reason: `its status is "${word}", which is not known` });
    },
  );

  it.each([undefined, null, '', ' '])(
    'that is missing (%j) is unknown, unless the vendor documents what that means',
    (none) => {
      expect(statusOf(none)).toMatchObject({ reason: 'its status is missing' });
      const lenient = words('status', { live: ['Active'], ended: [] }, { absent: 'live' });
      expect(lenient(none)).toBe('live');
    },
  );

  it('decides one thing only, however often it is named for that', () => {
    expect(() => words('status', { live: ['Active'], ended: ['ACTIVE'] })).toThrow('both live and ended');
    expect(words('status', { live: ['Active', 'ACTIVE'], ended: [] })('active')).toBe('live');
  });

  it('has outcomes that the compiler knows', () => {
    // @ts-expect-error: no such outcome
    expect(statusOf('Active') === 'alive').toBe(false);
  });
});
