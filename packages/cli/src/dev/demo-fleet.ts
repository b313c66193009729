import { type CommandContext, createDevice, type Device } from '@pushfleet/device-sdk';
import { aborted, systemClock } from '@pushfleet/runtime';
import type { DemoDevice } from './plan.ts';

interface DemoFleetOptions {
  balancer: string;
  /** PEM. */
  ca: string;
  devices: readonly (DemoDevice & { secret: string })[];
  log: (line: string) => void;
}

/** Runs demo devices, each with a link of its own, until `stop` fires. They do whatever they are told, and permit tunnels. */
export async function runDemoFleet(options: DemoFleetOptions, stop: AbortSignal): Promise<void> {
  const devices = options.devices.map((device) => createDemoDevice(device, options));
  for (const device of devices) device.start();
  await aborted(stop);
  await Promise.all(devices.map((device) => device.stop()));
}

function createDemoDevice(
  { id, secret, link }: DemoFleetOptions['devices'][number],
  { balancer, ca, log }: DemoFleetOptions,
) {
  // They run on this machine, as whoever started them does: tunnels reach nothing that is out of reach without.
  const tunnels = { allow: ['127.0.0.1:*'] };
  const device = createDevice({ deviceId: id, secret, link, ca, balancers: [balancer], tunnels });
  device.onStatus((status) => log(`${id} (${link}): ${status.kind}`));
  handleCommands(device, (line) => log(`${id} (${link}): ${line}`));
  return device;
}

const taskSteps = 10;
const taskStepMs = 200;

/** Makes a demo device do whatever it is told, in a small way: its tasks take two seconds. */
function handleCommands(device: Device, log: (line: string) => void): void {
  device.handle('forceSync', ({ reason }, { commandId }) => {
    log(`synchronizes (${reason || 'no reason given'}), command ${commandId}`);
    return { output: 'synchronized' };
  });
  device.handle('runTask', async ({ taskId }, context) => {
    log(`runs the task ${taskId}, command ${context.commandId}`);
    await runDemoTask(context);
    return { output: `${taskId} is done` };
  });
  device.handle('getStatistics', ({ applicationId }, { commandId }) => {
    log(`reads statistics of ${applicationId}, command ${commandId}`);
    return readStatistics();
  });
  device.handle('custom', ({ name, payload }, { commandId }) => {
    log(`does ${name} with ${payload.length} bytes, command ${commandId}`);
    return { output: payload };
  });
}

async function runDemoTask({ signal, progress }: CommandContext): Promise<void> {
  for (let step = 1; step <= taskSteps; step += 1) {
    await systemClock.sleep(taskStepMs, signal);
    signal.throwIfAborted();
    progress({ percent: (step * 100) / taskSteps, message: `step ${step} of ${taskSteps}` });
  }
}

/** All demo devices are of one process, so these are of them all. */
function readStatistics(): Record<string, number> {
  const { rss, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return {
    uptimeSeconds: process.uptime(),
    cpuSeconds: (user + system) / 1e6,
    residentBytes: rss,
    heapBytes: heapUsed,
  };
}
