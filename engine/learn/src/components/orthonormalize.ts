/**
 * Rows of length 1 that are orthogonal to each other and span what the given ones span (Gram and Schmidt, modified, twice, which is
 * enough: Giraud, Langou and Rozložník 2005). A row that adds nothing becomes zeros.
 */
export function orthonormalize(rows: Float64Array, columns: number): Float64Array {
  const result = rows.slice();
  const count = rows.length / columns;
  for (let index = 0; index < count; index++) {
    const row = result.subarray(index * columns, (index + 1) * columns);
    const before = norm(row);
    for (let round = 0; round < 2; round++) {
      for (let other = 0; other < index; other++) {
        const start = other * columns;
        let overlap = 0;
        for (let column = 0; column < columns; column++) overlap += row[column] * result[start + column];
        for (let column = 0; column < columns; column++) row[column] -= overlap * result[start + column];
      }
    }
    const length = norm(row);
    const scale = length > before * 1e-12 ? 1 / length : 0;
    for (let column = 0; column < columns; column++) row[column] *= scale;
  }
  return result;
}

function norm(row: Float64Array): number {
  let squares = 0;
  for (const value of row) squares += value * value;
  return Math.sqrt(squares);
}
