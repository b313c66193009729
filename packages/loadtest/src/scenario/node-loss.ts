import { availableParallelism } from 'node:os';
import { connectAll, usedCpu } from './connecting.ts';
import { baseDevices } from './load-plan.ts';
import type { LoadRun } from './load-run.ts';

/** Within this all devices of a push server that is gone have noticed. */
const noticeMs = 10_000;

/** `node-loss`: a push server is killed while commands go to the devices of the others; its devices come back there. */
export async function runNodeLoss(run: LoadRun): Promise<void> {
  const { plan, target } = run;
  await connectFor(run);
  if (run.signal.aborted) return;
  const links = await run.fleet.links();
  const victim = target.victim ?? fullest(links);
  const lost = links.get(victim)?.length ?? 0;
  const others = [...links].flatMap(([nodeId, indexes]) => (nodeId === victim ? [] : indexes));
  const load = others.length > 0 && plan.push ? await run.startPushing(others, plan.push) : undefined;
  await run.beginPhase('rest');
  await run.pass(plan.restMs);
  if (!run.signal.aborted) await lose(run, victim, lost);
  await run.beginPhase('hold');
  await run.pass(plan.durationMs);
  await run.settle();
  await load?.stop();
}

/** All on one push server, where the plan says so; and a few on the others, to see how these fare. */
async function connectFor(run: LoadRun): Promise<void> {
  const { plan } = run;
  if (!plan.concentrate) return connectAll(run);
  const witnesses = baseDevices(plan);
  await connectAll(run, plan.devices - witnesses);
  await run.beginPhase('witnesses');
  await run.connect(plan.devices - witnesses, plan.devices);
}

async function lose(run: LoadRun, victim: string, lost: number): Promise<void> {
  const before = { live: run.live, lost: run.recording.sum('lost'), handshakes: handshakesOf(run) };
  await run.beginPhase('return');
  const killedAtMs = run.nowMs;
  await run.target.killPushServer?.(victim);
  run.sampler.gone.add(victim);
  const gone = () => run.recording.sum('lost') - before.lost;
  await run.until(() => gone() >= lost, noticeMs);
  const isBack = await run.untilConnected(before.live);
  const backAtMs = run.nowMs;
  await run.settle();
  const handshakes = handshakesOf(run);
  const resumed = handshakes.resumed - before.handshakes.resumed;
  const handshaken = resumed + handshakes.full - before.handshakes.full;
  // Of those that came back alone: nobody has a session when it comes for the first time.
  if (handshaken > 0) run.figures.resumedShare = resumed / handshaken;
  const { all, servers } = usedCpu(run, killedAtMs, backAtMs);
  run.figures.recovery = {
    lost: gone(),
    returned: Math.max(0, gone() - (before.live - run.live)),
    allBackMs: isBack ? Math.round(backAtMs - killedAtMs) : null,
    cpuBoundMs: all === null ? null : Math.round((all * 1_000) / availableParallelism()),
  };
  if (servers !== null && gone() > 0) run.figures.serverCpuMsPerReturn = (servers * 1_000) / gone();
  run.remarks.push(`${victim} was killed with ${lost} links.`);
}

function handshakesOf({ recording }: LoadRun): { full: number; resumed: number } {
  const { handshakesFull: full = 0, handshakesResumed: resumed = 0 } = recording.rest.totals;
  return { full, resumed };
}

function fullest(links: ReadonlyMap<string, readonly number[]>): string {
  const [first] = [...links].sort(([, one], [, other]) => other.length - one.length);
  return first?.[0] ?? '';
}
