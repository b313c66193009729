import { runWorker } from './run-worker.ts';

runWorker(process.env).then(
  () => process.exit(0),
  (error: Error) => {
    process.send?.({ kind: 'failed', message: error.message });
    console.error(error);
    process.exitCode = 1;
    process.disconnect?.();
  },
);
