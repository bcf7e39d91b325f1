/** A cache that is emptied when it is full: for keys that clients choose, so that memory stays bounded. */
export function boundedMap<Key, Value>(capacity: number) {
  const map = new Map<Key, Value>();
  return {
    get: (key: Key): Value | undefined => map.get(key),
    set(key: Key, value: Value): Value {
      if (map.size >= capacity) map.clear();
      map.set(key, value);
      return value;
    },
  };
}
