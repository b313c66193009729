/** A worker that may take devices. */
export interface WorkerFill {
  live: number;
  capacity: number;
  /** It takes no new connections now. */
  isPaused: boolean;
}

/** The part of a worker's places that must be free for it to be listening, and to listen again once it has stopped. */
const leastFree = { listening: 0.02, paused: 0.04 };

/**
 * Says which workers of one port are to take connections. The kernel spreads these over all that listen, whether or not they have
 * room: a full one would send half of the devices away while another one is half empty. Where nobody has room all listen: whoever
 * comes then is told where to go instead.
 */
export function planListening(workers: readonly WorkerFill[]): boolean[] {
  const haveRoom = workers.map(hasRoom);
  return haveRoom.includes(true) ? haveRoom : workers.map(() => true);
}

/** Between the two bounds it goes on as it is: one device that comes and goes neither opens nor closes a port. */
function hasRoom({ live, capacity, isPaused }: WorkerFill): boolean {
  const least = isPaused ? leastFree.paused : leastFree.listening;
  return capacity - live >= Math.max(isPaused ? 2 : 1, Math.ceil(capacity * least));
}
