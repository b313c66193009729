// A device that synchronizes, runs a task that can be stopped, counts, and remembers what it was told to do. Beside
// `npm start`, which makes the device workbench-01 and leaves it to whoever wants to play it:
//   node examples/device-typescript/device.ts
//   npx pushfleet push sync workbench-01
// Node.js 22.18 or later runs TypeScript as it is.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { CommandRejected, createDevice, fileCommandStore, type LinkKind } from '@pushfleet/device-sdk';

const { values } = parseArgs({
  options: {
    id: { type: 'string', default: 'workbench-01' },
    'secret-file': { type: 'string', default: '.pushfleet/devices/workbench-01.secret' },
    balancer: { type: 'string', default: 'https://127.0.0.1:13000' },
    ca: { type: 'string', default: '.pushfleet/ca.crt' },
    link: { type: 'string', default: 'grpc' },
    store: { type: 'string', default: '.pushfleet/workbench-01.commands' },
  },
});

const device = createDevice({
  deviceId: values.id,
  secret: readFileSync(values['secret-file'], 'utf8').trim(),
  balancers: [values.balancer],
  ca: readFileSync(values.ca),
  link: values.link as LinkKind,
  // Over restarts too, no command is run twice.
  store: fileCommandStore(values.store),
});

let synchronizations = 0;
device.handle('forceSync', ({ reason }) => {
  synchronizations += 1;
  console.log(`synchronizes: ${reason}`);
  return { output: `synchronization ${synchronizations}` };
});

device.handle('runTask', async ({ taskId, parameters }, { signal, progress }) => {
  const steps = Number(parameters.steps ?? 10);
  if (!(steps > 0)) throw new CommandRejected(`${steps} steps cannot be taken`);
  for (let step = 1; step <= steps; step += 1) {
    // Rejects when the task is stopped or its command cancelled: the command then ends as CANCELLED.
    await sleep(200, undefined, { signal });
    progress({ percent: (100 * step) / steps, message: `${taskId}: step ${step} of ${steps}` });
  }
  return { output: `${taskId} is done` };
});

// Once, or every so often if the Administration Server wants them periodically.
device.handle('getStatistics', () => ({ synchronizations, uptimeSeconds: process.uptime() }));

// Only this one: other custom operations are rejected without asking the device.
device.handle('custom:echo', ({ payload }) => ({ output: payload }));

process.once('SIGINT', () => device.stop());
process.once('SIGTERM', () => device.stop());
device.start();
for await (const status of device.status()) {
  console.log(status.kind === 'connected' ? `connected to ${status.server.nodeId}` : status.kind);
  if (status.kind === 'stopped') break;
}
