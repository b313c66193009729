import { eventually } from './eventually.ts';
import { type TestCluster, testGroup } from './test-cluster.ts';

/**
 * Stops processes of a cluster in their tracks, as a host does that is suspended; SIGCONT lets them go on. Not within a write on the
 * embedded registry: that would keep everybody else from writing, and while nobody can write nobody counts as dead.
 */
export async function freeze(cluster: TestCluster, pids: readonly number[]): Promise<void> {
  const signalAll = (signal: 'SIGSTOP' | 'SIGCONT') => {
    for (const pid of pids) process.kill(pid, signal);
  };
  const isWritten = () =>
    cluster.admin.groups.put(testGroup).then(
      () => true,
      () => false,
    );
  for (;;) {
    signalAll('SIGSTOP');
    if (await isWritten()) return;
    signalAll('SIGCONT');
    await eventually('the registry takes writes again', isWritten);
  }
}
