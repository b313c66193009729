// A tool that pauses a process, says so, and does nothing more.
import { ProcessPause } from './process-pause.ts';

const [pid] = process.argv.slice(2).map(Number);
const atMostMs = 3_000;
await ProcessPause.begin(pid as number, atMostMs);
process.send?.('paused');
