const good = "great lovely excellent superb pleasant wonderful brilliant solid".split(" ");
const bad = "awful broken dreadful poor disappointing useless terrible flimsy".split(" ");
const neutral = "the camera battery screen phone case is was very quite after a week this it and menu".split(" ");

/** `lines` short opinions whose label follows from one of their words, in BlazingText's format; the same for the same seed. */
export function labelledText(lines: number, seed: number): string {
  let state = seed;
  const random = (below: number): number => {
    // Lehmer's generator (Park, Miller 1988): enough for made-up sentences.
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  let text = "";
  for (let line = 0; line < lines; line += 1) {
    const positive = random(2) === 0;
    const words = Array.from({ length: 4 + random(6) }, () => neutral[random(neutral.length)]);
    const opinion = positive ? good : bad;
    words.splice(random(words.length + 1), 0, opinion[random(opinion.length)]);
    text += `__label__${positive ? "positive" : "negative"} ${words.join(" ")}\n`;
  }
  return text;
}
