import { once } from 'node:events';
import { addAbortSignal } from 'node:stream';
import type { Tunnel } from '@pushfleet/admin-sdk';
import { machineUs } from '@pushfleet/runtime';
import { connectAll } from './connecting.ts';
import type { LoadRun } from './load-run.ts';
import { TunnelFarEnd, tunnelTask } from './tunnel-far-end.ts';

const chunk = Buffer.alloc(65_536, 1);

/** `tunnel-throughput`: so many bytes through tunnels to several devices at once, first to them, then from them. */
export async function runTunnelThroughput(run: LoadRun): Promise<void> {
  const { plan } = run;
  await connectAll(run);
  const links = [...(await run.fleet.links()).values()].flat();
  const devices = run.deviceIds(links.slice(0, plan.tunnels));
  if (devices.length === 0) return;
  await using farEnd = await TunnelFarEnd.open();
  const total = { bytes: 0, ms: 0 };
  for (let round = 1; round <= plan.rounds && !run.signal.aborted; round += 1) {
    for (const way of ['to', 'from'] as const) {
      await run.beginPhase(`${way}-device-${round}`);
      const fromMs = run.nowMs;
      const carried = await Promise.all(devices.map((deviceId) => carry(run, deviceId, farEnd.target, way)));
      total.ms += run.nowMs - fromMs;
      total.bytes += carried.reduce((sum, bytes) => sum + bytes, 0);
    }
  }
  await run.settle();
  run.figures.tunnel = {
    bytes: total.bytes,
    bytesPerSecond: Math.round((total.bytes * 1_000) / Math.max(1, total.ms)),
  };
}

/** @returns the bytes that came through; fewer where the tunnel broke, which is recorded. */
async function carry(run: LoadRun, deviceId: string, target: string, way: 'to' | 'from'): Promise<number> {
  const { recorder, plan } = run;
  const dueUs = machineUs();
  let carried = 0;
  const count = (bytes: number) => {
    carried += bytes;
    recorder.count('tunnelBytes', bytes);
  };
  try {
    const tunnel = await run.target.admin.tunnels.open({ deviceId, target }, { signal: run.signal });
    recorder.latency('tunnelOpen', (machineUs() - dueUs) / 1_000);
    // The signal of `open` does not concern a tunnel that is open: without this a run would end when all its bytes are through.
    addAbortSignal(
      run.signal,
      tunnel.on('error', () => {}),
    );
    await (way === 'to' ? upload(tunnel, plan.tunnelBytes, count) : download(tunnel, plan.tunnelBytes, count));
  } catch (error) {
    if (!run.signal.aborted)
      recorder.error('tunnel', (error as { code?: string }).code ?? 'failed', (error as Error).message);
  }
  return carried;
}

async function upload(tunnel: Tunnel, bytes: number, count: (bytes: number) => void): Promise<void> {
  tunnel.write(tunnelTask.take);
  for (let left = bytes; left > 0; left -= chunk.length) {
    const part = chunk.subarray(0, Math.min(left, chunk.length));
    if (!tunnel.write(part)) await once(tunnel, 'drain');
    count(part.length);
  }
  tunnel.end();
  // One byte from the far end: all has arrived there.
  for await (const _ of tunnel);
}

async function download(tunnel: Tunnel, bytes: number, count: (bytes: number) => void): Promise<void> {
  tunnel.write(`${tunnelTask.give}${bytes}`);
  for await (const part of tunnel as AsyncIterable<Buffer>) count(part.length);
  tunnel.end();
}
