// Preloaded (`--import`) into the processes of a test: SIGUSR2 sends one of them into an endless loop, and it says so before.
import { writeSync } from 'node:fs';

const stderr = 2;

process.on('SIGUSR2', () => {
  writeSync(stderr, `process ${process.pid} loops\n`);
  for (;;);
});
