/** A message field that the API promises; proto3 cannot say so. */
export function promised<T>(value: T | null): T {
  if (value === null) throw new TypeError('the balancer left a promised field out');
  return value;
}
