// Which of many scored columns are the best, for the kernels that rank. Column and score are one integer, so that a comparison
// is one instruction and no two keys are equal: the higher score first, of equal ones the lower column.

/** The key of a score that is not NaN: its bits in an order that integers keep, above the complement of the column. */
export function keyOf(score: f32, column: u32): u64 {
  const bits: i32 = reinterpret<i32>(score);
  const ordered: u32 = <u32>(bits ^ ((bits >> 31) | <i32>0x80000000));
  return ((<u64>ordered) << 32) | <u64>~column;
}

export function columnOf(key: u64): u32 {
  return ~(<u32>key);
}

export function scoreOf(key: u64): f32 {
  const ordered: i32 = <i32>(key >> 32);
  return reinterpret<f32>(ordered ^ (~(ordered >> 31) | <i32>0x80000000));
}

function at(keys: usize, index: i32): u64 {
  return load<u64>(keys + ((<usize>index) << 3));
}

function put(keys: usize, index: i32, key: u64): void {
  store<u64>(keys + ((<usize>index) << 3), key);
}

/** Moves the `count` largest of `length` keys to the front, in no particular order: Hoare's quickselect. */
export function selectLargest(keys: usize, length: i32, count: i32): void {
  let left: i32 = 0;
  let right: i32 = length - 1;
  while (count < length && left < right) {
    const middle = at(keys, (left + right) >> 1);
    const first = at(keys, left);
    const last = at(keys, right);
    const pivot = max(min(first, middle), min(max(first, middle), last));
    let low = left;
    let high = right;
    while (low <= high) {
      while (at(keys, low) > pivot) low++;
      while (at(keys, high) < pivot) high--;
      if (low > high) break;
      const larger = at(keys, high);
      put(keys, high, at(keys, low));
      put(keys, low, larger);
      low++;
      high--;
    }
    if (count - 1 <= high) right = high;
    else if (count - 1 >= low) left = low;
    else break;
  }
}

/** Sorts keys, the largest first, by insertion: for the few that a list shows. */
export function sortLargestFirst(keys: usize, length: i32): void {
  for (let index = 1; index < length; index++) {
    const key = at(keys, index);
    let place = index;
    while (place > 0 && at(keys, place - 1) < key) {
      put(keys, place, at(keys, place - 1));
      place--;
    }
    put(keys, place, key);
  }
}
