import { createHmac } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const STEP_SECONDS = 30;
const DIGITS = 6;

/** True for a shared secret as authenticator apps show it: Base32, with or without spaces. */
export const isSharedSecret = (text: string): boolean => /^[A-Z2-7]+=*$/iu.test(text.replace(/\s/gu, ''));

/**
 * The passcode that an authenticator app shows at `now` (milliseconds since the epoch) for `secret` (Base32): RFC 6238.
 */
export function oneTimePasscode(secret: string, now: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(now / 1000 / STEP_SECONDS)));
  const digest = createHmac('sha1', bytesOf(secret)).update(counter).digest();
  const offset = digest.readUInt8(digest.length - 1) & 0x0f;
  const code = (digest.readUInt32BE(offset) & 0x7fff_ffff) % 10 ** DIGITS;
  return String(code).padStart(DIGITS, '0');
}

/** Base32 (RFC 4648); bits that fill no byte are dropped. */
function bytesOf(secret: string): Buffer {
  const bits = [...secret.toUpperCase()]
    .filter((letter) => ALPHABET.includes(letter))
    .map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  return Buffer.from((bits.match(/.{8}/gu) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
