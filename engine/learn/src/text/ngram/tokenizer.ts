/** Written into model files: another version would read other tokens out of the same text. */
export const TOKENIZER_VERSION = 1;

/** Longer runs of letters are no words; they are cut. */
const LONGEST_TOKEN = 128;

const SEPARATOR = 0;
const WORD = 1;
const SINGLE = 2;
const RARE = 3;

const SINGLES = "!?.,;:()。！？、，；：（）";
const TYPOGRAPHIC_APOSTROPHE = "\u2019";
const NOT_ASCII = /[^\0-\x7f]/;
/** A flag, or a pictograph with its modifiers and those joined to it: 👩‍🔬. */
const PICTOGRAPH =
  /\p{RI}\p{RI}|\p{Extended_Pictographic}[\u{FE0F}\p{EMod}]*(?:\u200D\p{Extended_Pictographic}[\u{FE0F}\p{EMod}]*)*/uy;
/** Scripts without blanks between words, of which each character is a token. */
const UNSPACED = /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}/u;
const LETTER = /[\p{L}\p{M}\p{N}]/u;

const classes = classifyBasicPlane();

/**
 * The tokens of a text: runs of letters, digits and apostrophes in lower case; `!?.,;:()` one by one; ideographs and kana
 * one by one; emoji one by one, as they are seen. On ASCII texts these are the matches of `[a-z0-9']+|[!?.,;:()]` after
 * `<br />` has become a blank. Composed and decomposed umlauts are the same.
 */
export function tokenize(text: string): string[] {
  const isAscii = !NOT_ASCII.test(text);
  const folded = (isAscii ? text : text.normalize("NFC").replaceAll(TYPOGRAPHIC_APOSTROPHE, "'")).toLowerCase();
  const line = folded.includes("<br />") ? folded.replaceAll("<br />", " ") : folded;
  const tokens: string[] = [];
  for (let position = 0; position < line.length; ) {
    const kind = classes[line.charCodeAt(position)];
    if (kind === SEPARATOR) {
      position++;
    } else if (kind === SINGLE) {
      tokens.push(line.charAt(position++));
    } else if (kind === WORD) {
      const start = position++;
      while (position < line.length && classes[line.charCodeAt(position)] === WORD) position++;
      tokens.push(line.slice(start, Math.min(position, start + LONGEST_TOKEN)));
    } else {
      const token = readRare(line, position);
      if (token.isKept) tokens.push(line.slice(position, position + token.length));
      position += token.length;
    }
  }
  return tokens;
}

/** What is outside the Basic Multilingual Plane, or a pictograph in it. */
function readRare(line: string, position: number): { readonly length: number; readonly isKept: boolean } {
  PICTOGRAPH.lastIndex = position;
  const pictograph = PICTOGRAPH.exec(line);
  if (pictograph !== null) return { length: pictograph[0].length, isKept: true };
  const character = String.fromCodePoint(line.codePointAt(position) ?? 0);
  return { length: character.length, isKept: LETTER.test(character) };
}

function classifyBasicPlane(): Uint8Array {
  const kinds = new Uint8Array(65_536);
  // All but the surrogates, which only come in pairs.
  for (const [first, end] of [
    [0, 0xd800],
    [0xe000, 0x10000],
  ] as const) {
    const codes = Uint16Array.from({ length: end - first }, (_, index) => first + index);
    const text = Buffer.from(codes.buffer).toString("utf16le");
    for (const { index, 0: run } of text.matchAll(/[\p{L}\p{M}\p{N}]+/gu)) {
      kinds.fill(WORD, first + index, first + index + run.length);
    }
    for (const { index, 0: run } of text.matchAll(/\p{Extended_Pictographic}+/gu)) {
      kinds.fill(RARE, first + index, first + index + run.length);
    }
    for (const { index } of text.matchAll(new RegExp(UNSPACED, "gu"))) kinds[first + index] = SINGLE;
  }
  kinds.fill(RARE, 0xd800, 0xe000);
  kinds["'".charCodeAt(0)] = WORD;
  for (const single of SINGLES) kinds[single.charCodeAt(0)] = SINGLE;
  return kinds;
}
