/** A text with what it says. */
export interface Opinion {
  readonly text: string;
  /** A class of the data: `positive`. */
  readonly label: string;
  /** What the text is about: `product`, `film`. Empty when nobody said. */
  readonly domain: string;
}
