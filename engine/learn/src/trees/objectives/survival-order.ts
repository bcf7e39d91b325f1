/** The rows by time, earliest first: a label's size is a time, and a negative one says that the row was then last seen (censored). */
export function survivalOrder(labels: Float32Array): Uint32Array {
  const order = Uint32Array.from(labels.keys());
  return order.sort((a, b) => Math.abs(labels[a]) - Math.abs(labels[b]));
}
