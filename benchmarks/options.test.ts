import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const directory = import.meta.dirname;
const { scripts } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

function runBenchmark(name: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`${name}.ts`, ...args], {
    ...{ cwd: directory, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } },
  });
  return { status, text: `${stdout}${stderr}` };
}

it.each([
  ['registry-cost', ['--device', '5'], "Unknown option '--device'"],
  ['registry-cost', ['--devices', 'five'], '--devices five: must be a whole number from 1 to 1000000'],
  ['registry-cost', ['5'], "Unexpected argument '5'"],
  ['import', ['--registry', 'sqlite'], '--registry sqlite: must be one of embedded, redis'],
  ['compare', [], '--base is needed'],
  ['compare', ['--base', 'HEAD', '--only', 'push,pusch'], '--only push,pusch: must be one of push, durable'],
])('refuses %s %j, in words and with its usage', (name, args, words) => {
  const { status, text } = runBenchmark(name, ...args);
  expect(text).toContain(words);
  expect(text).toContain(`\nnpm run ${name} -w benchmarks -- `);
  expect(text).not.toContain('    at ');
  expect(status).toBe(2);
});

it('reads the options of every benchmark so, by the name that npm knows it by', () => {
  const programs = readdirSync(directory).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  for (const file of programs) expect(readFileSync(join(directory, file), 'utf8'), file).not.toContain('parseArgs');
  for (const [name, command] of Object.entries(scripts)) {
    // What is computed from nothing has no options.
    if (name === 'sizing' || name === 'command-path') continue;
    expect(readFileSync(join(directory, command.replace('node ', '')), 'utf8'), name).toContain(
      `readOptions('${name}'`,
    );
  }
});
