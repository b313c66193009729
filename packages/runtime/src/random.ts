/** In [0, 1). For jitter and choices among equals, not for ids or secrets. Nothing else of a process of ours asks the system for one. */
export function random(): number {
  return Math.random();
}
