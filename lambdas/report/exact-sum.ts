/**
 * A decimal number without rounding: `units` times ten to the power of minus `places`, which is below 0 for very large
 * numbers.
 */
type Decimal = { units: bigint; places: number };

/** Reads a number's shortest decimal text, which is how the vendor wrote it. */
function decimalOf(written: string): Decimal {
  const [mantissa = '', exponent = '0'] = written.split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  return { units: BigInt(whole + fraction), places: fraction.length - Number(exponent) };
}

function plus(a: Decimal, b: Decimal): Decimal {
  const places = Math.max(a.places, b.places);
  const at = (decimal: Decimal): bigint => decimal.units * 10n ** BigInt(places - decimal.places);
  return { units: at(a) + at(b), places };
}

/**
 * Adds as a clerk would, in decimal: 0.1 + 0.2 is 0.3. It rounds once, when read, so the same numbers have the same
 * total, in any order and any number of parts.
 */
export class ExactSum {
  #whole = 0;
  #rest: Decimal = { units: 0n, places: 0 };

  /** The sum that `toString` wrote. */
  static from(written: string): ExactSum {
    const sum = new ExactSum();
    sum.#rest = decimalOf(written);
    return sum;
  }

  add(value: number): this {
    if (Number.isSafeInteger(value) && Number.isSafeInteger(this.#whole + value)) this.#whole += value;
    else this.#rest = plus(this.#rest, decimalOf(String(value)));
    return this;
  }

  /** Adds `other`. */
  merge(other: ExactSum): this {
    this.#rest = plus(this.#rest, other.#rest);
    return this.add(other.#whole);
  }

  get value(): number {
    return this.#rest.units === 0n ? this.#whole : Number(this.toString());
  }

  /** The exact sum as text. */
  toString(): string {
    const { units, places } = plus(this.#rest, { units: BigInt(this.#whole), places: 0 });
    return `${units}e-${places}`;
  }
}

/** Adds any number of numbers in decimal, rounding once; 0 for none. */
export function sumExact(values: Iterable<number>): number {
  const sum = new ExactSum();
  for (const value of values) sum.add(value);
  return sum.value;
}
