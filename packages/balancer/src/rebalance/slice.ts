/** Splits a whole number in proportion to `shares`, each part at most its share. Whole numbers, the sum is exact. */
export function splitByShare(amount: number, shares: readonly number[]): number[] {
  const total = shares.reduce((sum, share) => sum + share, 0);
  if (total <= amount) return [...shares];
  let passed = 0;
  let given = 0;
  return shares.map((share) => {
    // Rounding what has been given so far, instead of each part, makes the parts add up.
    passed += share;
    const part = Math.round((amount * passed) / total) - given;
    given += part;
    return part;
  });
}
