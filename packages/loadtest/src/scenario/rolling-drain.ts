import { connectAll } from './connecting.ts';
import type { LoadRun } from './load-run.ts';

const drainWithinMs = 600_000;
const readyWithinMs = 60_000;

/** `rolling-drain`: each push server in turn hands its devices over to the others, while commands flow to all of them. */
export async function runRollingDrain(run: LoadRun): Promise<void> {
  const { plan } = run;
  await connectAll(run);
  const load = await run.startPlannedPushes();
  await run.beginPhase('rest');
  await run.pass(plan.restMs);
  const ready = run.nodes.filter(({ status }) => status === 'NODE_STATUS_READY').map(({ nodeId }) => nodeId);
  if (ready.length < 2) throw new Error('fewer than two push servers take devices: they would have nowhere to go');
  for (const nodeId of ready) {
    if (!run.signal.aborted) await drain(run, nodeId);
  }
  await run.beginPhase('hold');
  await run.pass(plan.durationMs);
  await run.settle();
  await load?.stop();
}

/** Drains one push server, and lets it take devices again, whatever becomes of it. */
async function drain(run: LoadRun, nodeId: string): Promise<void> {
  const { maintenance } = run.target.admin;
  await run.beginPhase(`drain-${nodeId}`);
  const fromMs = run.nowMs;
  const links = liveOf(run, nodeId);
  await maintenance.drain({ nodeId, devicesPerSecond: run.plan.drainedPerSecond });
  try {
    const isEmpty = await run.until(() => liveOf(run, nodeId) === 0, drainWithinMs);
    const took = `${((run.nowMs - fromMs) / 1_000).toFixed(1)} s`;
    run.remarks.push(
      isEmpty ? `${nodeId}: ${links} links drained in ${took}.` : `${nodeId}: not drained within ${took}.`,
    );
    await run.untilConnected(run.plan.devices);
  } finally {
    await maintenance.undrain(nodeId);
  }
  const isReady = () => run.nodes.some((node) => node.nodeId === nodeId && node.status === 'NODE_STATUS_READY');
  await run.until(isReady, readyWithinMs);
}

function liveOf(run: LoadRun, nodeId: string): number {
  return run.nodes.find((node) => node.nodeId === nodeId)?.live ?? 0;
}
