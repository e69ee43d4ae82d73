/*
 * A JSON text that comes in pieces, cut at one of its arrays. Only where that array and its entries begin and end is found out here:
 * all that lies between goes to `JSON.parse`, so what is no JSON fails there, and numbers are as exact as in any other answer. The
 * streaming parsers of npm build every value token by token instead: for 28 MB @streamparser/json 0.0.26 takes 5 s and stream-json 3.8
 * 13 s, this 0.9 s. They round numbers beyond 2^53, and of two members of one name they hand on the entries of both.
 */

/** Characters of entries that are handed on together, at least. More of them would outlive V8's new space, which then grows. */
const PORTION = 16 * 1024;

/** No entry has more characters, nor has all that lies around the array. */
const MOST = { entry: 8 * 1024 * 1024, around: 1024 * 1024 };

const [QUOTE, BACKSLASH, COMMA, BRACE, BRACE_END, BRACKET, BRACKET_END] = Array.from('"\\,{}[]', (character) =>
  character.charCodeAt(0),
);

/** An object or array around the cut one. `isOnWay` where it is one of those that lead there, `name` the member that has begun. */
type Holder = { isObject: boolean; isOnWay: boolean; expectsName: boolean; name?: string; met: boolean };

/** The text may be JSON, but it is not one list with something around it. */
export class NotOneList extends SyntaxError {}

/** Takes a text piece by piece and gives the text of entries as they are complete. */
export class ArrayCutter {
  readonly #at: readonly string[];
  readonly #holders: Holder[] = [];
  #place: 'before' | 'inside' | 'behind' = 'before';
  /** The string that has begun outside of the array. */
  #string: string | undefined;
  #isInString = false;
  #isEscaped = false;
  /** How deep inside an entry. */
  #depth = 0;
  /** The text around the array, which is empty there, and the entries that are not handed on yet. */
  #around = '';
  #entries = '';
  #isFirst = true;

  /** `at` are the names of the members that lead to the array; none where the whole text is that array. */
  constructor(at: readonly string[]) {
    this.#at = at;
  }

  /** Takes the next piece; yields entries with the commas between them. Errors: SyntaxError. */
  *take(piece: string): Generator<string> {
    for (let from = 0; from < piece.length; ) {
      if (this.#place === 'inside') from = yield* this.#within(piece, from);
      else {
        this.#outside(piece.charAt(from));
        from += 1;
      }
    }
    if (this.#around.length > MOST.around || this.#entries.length > MOST.entry)
      throw new NotOneList('too many characters without an entry');
  }

  /** The text around the array, once all has come. Errors: SyntaxError. */
  end(): string {
    if (this.#place === 'inside') throw new SyntaxError('the array has no end');
    return this.#around;
  }

  #outside(character: string): void {
    this.#around += character;
    if (this.#string !== undefined) {
      this.#string += character;
      if (this.#isInString && !this.#endsString(character.charCodeAt(0))) return;
      this.#named(this.#string);
      this.#string = undefined;
      return;
    }
    const holder = this.#holders.at(-1);
    switch (character) {
      case '"':
        this.#isInString = true;
        this.#string = character;
        break;
      case '{':
      case '[':
        this.#opens(character === '{', holder);
        break;
      case '}':
      case ']':
        this.#holders.pop();
        break;
      case ',':
        if (holder?.isObject === true) holder.expectsName = true;
    }
  }

  #opens(isObject: boolean, holder: Holder | undefined): void {
    const depth = this.#holders.length;
    const leadsOn = holder === undefined || (holder.isOnWay && holder.name === this.#at[depth - 1]);
    if (!isObject && leadsOn && depth === this.#at.length) {
      if (this.#place === 'behind') throw new NotOneList('it comes twice');
      this.#place = 'inside';
      return;
    }
    this.#holders.push({ isObject, isOnWay: isObject && leadsOn, expectsName: isObject, met: false });
  }

  /** A string outside of the array is the name of a member, or a value. */
  #named(string: string): void {
    const holder = this.#holders.at(-1);
    if (holder?.expectsName !== true) return;
    holder.name = String(JSON.parse(string));
    holder.expectsName = false;
    if (!holder.isOnWay || holder.name !== this.#at[this.#holders.length - 1]) return;
    // `JSON.parse` takes the last one, and the entries of the first are handed on already.
    if (holder.met) throw new NotOneList(`two members ${holder.name}`);
    holder.met = true;
  }

  /** Goes on to the end of the array or of the piece; returns where that is. */
  *#within(piece: string, from: number): Generator<string, number> {
    let start = from;
    for (let index = from; index < piece.length; index += 1) {
      const code = piece.charCodeAt(index);
      if (this.#isInString) this.#endsString(code);
      else if (code === QUOTE) this.#isInString = true;
      else if (code === BRACE || code === BRACKET) this.#depth += 1;
      else if (this.#depth > 0) this.#depth -= code === BRACE_END || code === BRACKET_END ? 1 : 0;
      else if (code === BRACKET_END) {
        yield* this.#handOn(piece.slice(start, index), true);
        this.#around += ']';
        this.#place = 'behind';
        return index + 1;
      } else if (code === COMMA && this.#entries.length + index - start >= PORTION) {
        yield* this.#handOn(piece.slice(start, index), false);
        start = index + 1;
      }
    }
    this.#entries += piece.slice(start);
    return piece.length;
  }

  *#handOn(last: string, isEnd: boolean): Generator<string> {
    const entries = this.#entries + last;
    this.#entries = '';
    if (entries.trim() !== '') yield entries;
    else if (!isEnd || !this.#isFirst) throw new SyntaxError('no entry behind a comma');
    this.#isFirst = false;
  }

  /** Whether the string that has begun ends with this character. */
  #endsString(code: number): boolean {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (code === BACKSLASH) this.#isEscaped = true;
    else if (code === QUOTE) this.#isInString = false;
    return !this.#isInString;
  }
}
