// Runs a Redis server that ends with this process's parent, however that ends.
import { spawn } from 'node:child_process';
import { say } from '../output/print.ts';

const [program = '', ...args] = process.argv.slice(2);
const server = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('disconnect', end);
server.on('error', ({ message }) => {
  say(`${program}: ${message}`);
  process.exit(1);
});
server.on('exit', () => process.exit(1));
if (process.connected) process.send?.({ pid: server.pid }, () => {});
else end();

/** SIGKILL: a server that is paused obeys no other signal, and nothing that it holds is worth anything without the run. */
function end(): void {
  server.kill('SIGKILL');
}
