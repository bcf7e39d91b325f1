import type { LabelPaths } from "@rondo/kernels";

/**
 * The tree of hierarchical softmax, built from the labels' counts (in falling order) as fastText does: the two rarest
 * nodes are joined until one is left, so that frequent labels have short paths.
 */
export function buildLabelPaths(counts: readonly number[]): LabelPaths {
  const labels = counts.length;
  const nodes = Array.from({ length: 2 * labels - 1 }, (_, node) => ({
    // Nodes that are not joined yet lose against every leaf.
    count: counts[node] ?? 1e15,
    parent: -1,
    isSecond: false,
  }));
  let leaf = labels - 1;
  let inner = labels;
  for (let joined = labels; joined < nodes.length; joined++) {
    const take = (): number => (leaf >= 0 && nodes[leaf].count < nodes[inner].count ? leaf-- : inner++);
    const [first, second] = [take(), take()];
    nodes[joined].count = nodes[first].count + nodes[second].count;
    nodes[first].parent = joined;
    nodes[second].parent = joined;
    nodes[second].isSecond = true;
  }
  const starts = [0];
  const steps: number[] = [];
  for (let label = 0; label < labels; label++) {
    for (let node = label; nodes[node].parent >= 0; node = nodes[node].parent) {
      steps.push((nodes[node].parent - labels) * 2 + Number(nodes[node].isSecond));
    }
    starts.push(steps.length);
  }
  return { starts: Int32Array.from(starts), steps: Int32Array.from(steps) };
}
