import { useEffect, useState } from "react";

/** The value once it has not changed for so many milliseconds: what somebody types is not asked for letter by letter. */
export function useDelayed<Value>(value: Value, milliseconds = 200): Value {
  const [delayed, setDelayed] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setDelayed(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return delayed;
}
