/** The rows by time, earliest first: a label's size is a time, and a negative one says that the row was then last seen (censored). */
export function survivalOrder(labels: Float32Array): Uint32Array {
  const order = Uint32Array.from(labels.keys());
  return order.sort((a, b) => Math.abs(labels[a]) - Math.abs(labels[b]));
}

/**
 * By place in the order: the hazards of all rows of that time or later, which are at risk together. Summed from the last one on: what is left after
 * subtracting a much larger hazard would be rounding, or 0.
 */
export function hazardsAtRisk(
  order: Uint32Array,
  labels: Float32Array,
  hazardOf: (row: number) => number,
): Float64Array {
  const atRisk = new Float64Array(order.length);
  let total = 0;
  for (let place = order.length - 1; place >= 0; place -= 1) {
    total += hazardOf(order[place]);
    atRisk[place] = total;
  }
  for (let place = 1; place < order.length; place += 1) {
    if (Math.abs(labels[order[place]]) === Math.abs(labels[order[place - 1]])) atRisk[place] = atRisk[place - 1];
  }
  return atRisk;
}
