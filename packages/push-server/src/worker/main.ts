// Signals are for the supervisor: a terminal sends a Ctrl-C to every process of its group, and the devices must be told to
// leave before the workers go. So from the first line on, before the rest is loaded.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => {});

function sendKeepAlive(): void {
  if (process.connected) process.send?.({ kind: 'keep-alive' }, () => {});
}
// Loading takes a while, and is no silence.
sendKeepAlive();
setInterval(sendKeepAlive, 1_000).unref();

const { runWorker } = await import('./run-worker.ts');

runWorker(process.env).then(
  () => process.exit(0),
  (error: Error) => {
    process.send?.({ kind: 'failed', message: error.message });
    console.error(error);
    process.exitCode = 1;
    process.disconnect?.();
  },
);
