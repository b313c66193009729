import { expect, it } from 'vitest';
import { arrivals, nodeRecord } from '../conformance/samples.fixture.ts';
import { patientLimits } from '../conformance/store.fixture.ts';
import { Database } from './database.ts';
import { EmbeddedNodes } from './nodes.ts';

it('a loss is told of also where all that was lost is written anew in the same moment', async () => {
  using database = Database.inMemory({ machineMs: () => 1, wallMs: () => 1_800_000_000_123 });
  const nodes = new EmbeddedNodes(database, patientLimits);
  const records = ['dp-1', 'dp-2'].map((id) => nodeRecord({ id }));
  const known = await Promise.all(records.map((record) => nodes.register(record)));
  for (const table of ['nodes', 'incarnation', 'write_clock']) database.run(`DELETE FROM ${table}`);
  for (const [index, record] of records.entries()) {
    expect((await nodes.heartbeat(record, arrivals(), known[index])).verdict).toBe('lost');
  }
});
