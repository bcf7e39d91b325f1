/** Why a filter or a value for it is refused: names the symbol and what to do. InvalidInputException to those who call. */
export class FilterError extends Error {
  override readonly name = "FilterError";
}

/** A refusal of an expression at a character, counted from 0; the message counts from 1. */
export function invalidSymbol(symbol: string, at: number, explanation: string): FilterError {
  return new FilterError(`Invalid input symbol: ${symbol} at character ${at + 1}. ${explanation}`);
}
