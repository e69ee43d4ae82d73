/**
 * Legal forms at the end of a company's name, in lower case without dots; the spellings of one form share a line. A
 * form that is missing stays part of the name, which keeps names apart rather than joining them; S.p.A. is left out on
 * purpose: it looks like a spa.
 */
const SPELLINGS: readonly (readonly string[])[] = [
  // English-speaking countries
  ['ltd', 'limited'],
  ['pvt ltd', 'private limited', 'private ltd', 'pvt limited'],
  ['pte ltd', 'pte limited'],
  ['pty ltd', 'pty limited', 'proprietary limited', 'pty'],
  ['llc', 'limited liability company', 'l l c'],
  ['inc', 'incorporated'],
  ['corp', 'corporation'],
  ['co', 'company'],
  ['llp', 'limited liability partnership'],
  ['lp', 'limited partnership'],
  ['plc', 'public limited company'],
  ['pllc'],
  ['pc'],
  ['cic', 'community interest company'],
  // German-speaking countries
  ['gmbh', 'gesellschaft mbh', 'ges mbh', 'gesmbh'],
  ['gmbh and co kg', 'gmbh co kg'],
  ['ug', 'ug haftungsbeschrankt'],
  ['ag', 'aktiengesellschaft'],
  ['kg'],
  ['ohg'],
  ['og'],
  ['ek'],
  ['ev'],
  // Romance languages
  ['sa'],
  ['sarl'],
  ['sas'],
  ['sasu'],
  ['srl'],
  ['sl'],
  ['slu'],
  ['lda'],
  ['ltda', 'limitada'],
  ['sa de cv'],
  // The Netherlands and Belgium
  ['bv', 'bvba'],
  ['nv'],
  ['vof'],
  // Nordic countries
  ['ab', 'aktiebolag'],
  ['as'],
  ['aps'],
  ['oy', 'osakeyhtio'],
  ['oyj'],
  // Central and eastern Europe
  ['kft'],
  ['bt'],
  ['zrt'],
  ['sp z oo', 'sp zoo', 'spzoo'],
  ['sro', 'spol s ro'],
  ['doo'],
];

const FORMS: ReadonlyMap<string, string> = new Map(
  SPELLINGS.flatMap(([form = '', ...others]) => [form, ...others].map((spelling) => [spelling, form] as const)),
);

const LONGEST = Math.max(...[...FORMS.keys()].map((spelling) => spelling.split(' ').length));

/** The words of a name without its legal form, and that form. A name that is only a form keeps its words. */
export function splitLegalForm(words: readonly string[]): { words: readonly string[]; form: string | undefined } {
  for (let length = Math.min(LONGEST, words.length - 1); length > 0; length -= 1) {
    const form = FORMS.get(words.slice(-length).join(' '));
    if (form !== undefined) return { words: words.slice(0, -length), form };
  }
  return { words, form: undefined };
}
