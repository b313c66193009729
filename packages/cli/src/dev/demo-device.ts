import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandContext, Device } from '@pushfleet/device-sdk';

const taskSteps = 10;
const taskStepMs = 200;

/** Makes a demo device do whatever it is told, in a small way: its tasks take two seconds. */
export function behave(device: Device, log: (line: string) => void): void {
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
    await sleep(taskStepMs, undefined, { signal });
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
