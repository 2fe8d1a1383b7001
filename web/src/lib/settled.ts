import { useEffect, useState } from 'react'

/** A value once it has rested for `ms`, for what is asked while a person still writes. */
export function useSettled<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value)
  // Time is outside of React.
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms)
    return () => clearTimeout(timer)
  }, [value, ms])
  return settled
}
