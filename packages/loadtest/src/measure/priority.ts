import { getPriority, setPriority } from 'node:os';

/**
 * Workers of push servers are less urgent than other processes by 3, see PUSHFLEET_WORKER_NICENESS. With 6 on top of that they get a
 * seventh of a core beside a process of the tool: they were late for seconds, and took no devices meanwhile.
 */
const moreUrgentBy = 2;
const minNiceness = -20;

/**
 * Makes this process of the tool more urgent than the servers, where it may (as root): real devices and administrators have processors of
 * their own. On cores that it shares with the servers it would otherwise be late itself, and their handshakes would wait for it.
 */
export function raisePriority(): void {
  try {
    setPriority(Math.max(minNiceness, getPriority() - moreUrgentBy));
  } catch {
    // The report says how late this process was.
  }
}
