/**
 * No more threads than pay off: each is to learn at least so many tokens, as many as one thread learns while another is
 * started. So small trainings are also reproducible.
 */
export function usefulThreads(threads: number, tokens: number, tokensPerThread: number): number {
  return Math.min(threads, Math.max(1, Math.floor(tokens / tokensPerThread)));
}
