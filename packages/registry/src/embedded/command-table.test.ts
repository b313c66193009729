import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { commandId, newCommand, policy } from '../conformance/command-samples.fixture.ts';
import { groupPush, groupPushOutcome } from '../conformance/group-pushes.fixture.ts';
import { deviceId, deviceIds } from '../conformance/samples.fixture.ts';
import { createEmbeddedStore } from './embedded-store.fixture.ts';

const day = 24 * 3_600_000;

describe('tables of commands and group pushes', { timeout: 30_000 }, () => {
  it('forget commands of devices that nobody asks for any more', async () => {
    await using store = await createEmbeddedStore();
    await using registry = await store.open();
    const commands = deviceIds(20).map((device, index) => newCommand(index, { device }));
    await registry.commands.putMany(commands, policy);
    using other = new DatabaseSync(store.file);
    // They expired and were kept for long enough, all of it while nobody looked.
    other.exec(`UPDATE commands SET due_at_ms = due_at_ms - ${day}, deliver_by_ms = deliver_by_ms - ${day}`);
    const count = () => other.prepare('SELECT count(*) AS rows FROM commands').get()?.rows;
    for (let write = 0; write < 5; write += 1) {
      await registry.commands.put(newCommand(`later-${write}`, { device: deviceId('later') }), policy);
    }
    expect(count()).toBe(5);
  });

  it('still hold what was accepted when the file is opened again', async () => {
    await using store = await createEmbeddedStore();
    {
      await using registry = await store.open();
      await registry.commands.put(newCommand(1), policy);
    }
    await using registry = await store.open();
    expect(await registry.commands.get(deviceId(1), commandId(1))).toMatchObject({
      operation: newCommand(1).operation,
    });
  });

  it('forget a group push a day after it ended, a part of it at each write', async () => {
    await using store = await createEmbeddedStore();
    await using registry = await store.open();
    const push = groupPush(1, {}, { idempotencyKey: 'once' });
    await registry.groupPushes.create(push);
    for (const half of [0, 1]) {
      const devices = Array.from({ length: 800 }, (_, index) => deviceId(`${half}-${index}`));
      const outcomes = devices.map((device) => groupPushOutcome(device, 'OUTCOME_SUCCEEDED'));
      await registry.groupPushes.advance({ ...push, state: 'done', endedAtMs: 1 }, outcomes, 1);
    }
    using other = new DatabaseSync(store.file);
    other.exec(`UPDATE group_pushes SET forget_at_ms = forget_at_ms - ${day}`);
    expect(await registry.groupPushes.get(push.id)).toBeUndefined();
    expect(await registry.groupPushes.list()).toEqual([]);
    expect(await registry.groupPushes.outcomes(push.id, { limit: 1 })).toEqual([]);
    // Its key is free at once.
    const again = await registry.groupPushes.create(groupPush(2, {}, { idempotencyKey: 'once' }));
    expect(again.kind).toBe('created');
    for (const name of [3, 4, 5]) await registry.groupPushes.create(groupPush(name));
    expect(other.prepare('SELECT push_id AS id FROM group_push_outcomes').all()).toEqual([]);
    expect((await registry.groupPushes.list()).map(({ id }) => id).sort()).toEqual(
      [2, 3, 4, 5].map((n) => `push-${n}`),
    );
  });
});
