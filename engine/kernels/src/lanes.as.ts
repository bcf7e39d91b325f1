// What kernels do with one vector of four floats, and with one number in memory.

/** Number `index` of a row of floats. */
export function float(address: usize, index: i32): f32 {
  return load<f32>(address + ((<usize>index) << 2));
}

/** Number `index` of a row of integers. */
export function word(address: usize, index: i32): i32 {
  return load<i32>(address + ((<usize>index) << 2));
}

/** The sum of the four lanes, pairwise. */
export function horizontalSum(lanes: v128): f32 {
  return (
    f32x4.extract_lane(lanes, 0) +
    f32x4.extract_lane(lanes, 1) +
    (f32x4.extract_lane(lanes, 2) + f32x4.extract_lane(lanes, 3))
  );
}
