import { type EncodedModel, FormatError } from "../algorithm.ts";
import { decodeArrays, encodeArrays } from "../arrays-file.ts";
import { readModelHeader } from "../model-header.ts";
import { type CutTree, createCutTree, EMPTY, fitBox, toLeaf } from "./cut-tree.ts";
import { forestExcess, type RandomCutForest } from "./forest-model.ts";

const FORMAT = "rondo-random-cut-forest-1";
/** In place of a cut's column. */
const LEAF = -1;

/** The places of all trees, each from the root down, left before right. */
interface Preorder {
  readonly cutColumns: number[];
  readonly cutValues: number[];
  readonly masses: number[];
  readonly points: Float32Array[];
}

export function* encodeForest({ columns, samplesPerTree, seen, trees }: RandomCutForest): Generator<Uint8Array> {
  const places: Preorder = { cutColumns: [], cutValues: [], masses: [], points: [] };
  for (const tree of trees) listPlaces(tree, places);
  const points = new Float32Array(places.points.length * columns);
  for (const [leaf, point] of places.points.entries()) points.set(point, leaf * columns);
  yield* encodeArrays(
    {
      format: FORMAT,
      columns,
      samplesPerTree,
      seen,
      trees: trees.length,
      cuts: places.cutValues.length,
      leaves: places.masses.length,
    },
    {
      cutColumns: Int32Array.from(places.cutColumns),
      cutValues: Float32Array.from(places.cutValues),
      masses: Uint32Array.from(places.masses),
      points,
    },
  );
}

function listPlaces(tree: CutTree, { cutColumns, cutValues, masses, points }: Preorder): void {
  const open = [tree.root];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    if (place < 0) {
      const leaf = toLeaf(place);
      cutColumns.push(LEAF);
      masses.push(tree.masses[leaf]);
      points.push(tree.points.subarray(leaf * tree.columns, (leaf + 1) * tree.columns));
    } else {
      cutColumns.push(tree.cutColumns[place]);
      cutValues.push(tree.cutValues[place]);
      open.push(tree.right[place], tree.left[place]);
    }
  }
}

/** Throws FormatError for bytes that are no such forest. */
export async function decodeForest(file: EncodedModel): Promise<RandomCutForest> {
  const { header, take } = await decodeArrays(file, FORMAT);
  const settings = readModelHeader(header);
  const columns = settings.integer("columns", 1);
  const samplesPerTree = settings.integer("samplesPerTree", 1, 65_536);
  const leaves = settings.integer("leaves", 1);
  const cuts = settings.integer("cuts", 0);
  const count = settings.integer("trees", 1, leaves);
  const excess = forestExcess({ trees: count, samplesPerTree, columns });
  if (excess !== undefined) throw new FormatError(`${excess}: the header of the forest is damaged.`);
  const stored: StoredPlaces = {
    columns,
    samplesPerTree,
    cutColumns: take("cutColumns", Int32Array, leaves + cuts),
    cutValues: take("cutValues", Float32Array, cuts),
    masses: take("masses", Uint32Array, leaves),
    points: take("points", Float32Array, leaves * columns),
    next: { place: 0, cut: 0, leaf: 0 },
  };
  if (!stored.points.every(Number.isFinite) || !stored.cutValues.every(Number.isFinite)) {
    throw new FormatError("A number of the forest is not finite.");
  }
  const trees = Array.from({ length: count }, () => readTree(stored));
  if (stored.next.place !== leaves + cuts) throw new FormatError("The forest has more places than its trees.");
  return { columns, samplesPerTree, seen: settings.integer("seen", 1), trees };
}

interface StoredPlaces {
  readonly columns: number;
  readonly samplesPerTree: number;
  readonly cutColumns: Int32Array;
  readonly cutValues: Float32Array;
  readonly masses: Uint32Array;
  readonly points: Float32Array;
  readonly next: { place: number; cut: number; leaf: number };
}

function readTree(stored: StoredPlaces): CutTree {
  const { columns, samplesPerTree } = stored;
  const tree = createCutTree(samplesPerTree, columns);
  const nodes: number[] = [];
  /** Nodes that lack a child, the last first. */
  const open: number[] = [];
  do {
    const place = readPlace(stored, tree);
    attach(tree, open, place);
    if (place < 0) continue;
    nodes.push(place);
    open.push(place, place);
  } while (open.length > 0);
  // Children come after their parents, so that from the end each node's children are finished.
  for (const node of nodes.toReversed()) fitBox(tree, node);
  return tree;
}

function readPlace({ columns, cutColumns, cutValues, masses, points, next }: StoredPlaces, tree: CutTree): number {
  const column = cutColumns[next.place++] ?? columns;
  const place = column === LEAF ? tree.freeLeaves.pop() : tree.freeNodes.pop();
  if (column < LEAF || column >= columns || place === undefined)
    throw new FormatError("A tree of the forest has no end.");
  if (column !== LEAF) {
    tree.cutColumns[place] = column;
    tree.cutValues[place] = cutValues[next.cut++] ?? Number.NaN;
    tree.left[place] = EMPTY;
    return place;
  }
  const leaf = next.leaf++;
  tree.points.set(points.subarray(leaf * columns, (leaf + 1) * columns), place * columns);
  tree.masses[place] = masses[leaf] ?? 0;
  tree.mass += tree.masses[place];
  if (tree.masses[place] === 0) throw new FormatError("A leaf of the forest stands for no row.");
  return toLeaf(place);
}

function attach(tree: CutTree, open: number[], place: number): void {
  const parent = open.pop();
  if (parent === undefined) tree.root = place;
  else if (tree.left[parent] === EMPTY) tree.left[parent] = place;
  else tree.right[parent] = place;
}
