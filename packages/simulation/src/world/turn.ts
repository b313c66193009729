const realSetImmediate = globalThis.setImmediate;

/** Resolves when all that was set going has come to rest: promises, and what waits for the next tick. */
export function endOfTurn(): Promise<void> {
  return new Promise((resolve) => {
    realSetImmediate(resolve);
  });
}
