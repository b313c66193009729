import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { scenarioNames, scenarioPhases } from '@pushfleet/loadtest';
import { Command } from 'commander';
import { expect, it } from 'vitest';
import { addLoadOptions } from './options.ts';

const page = readFileSync(join(import.meta.dirname, '../../../../docs/loadtest.md'), 'utf8');
const options = addLoadOptions(new Command()).options.map(({ long }) => long ?? '');

it('explains every option on docs/loadtest.md, and none that is not there', () => {
  const ofOthers = ['--help', '--html', '--links', '--kind', '--registry'];
  const explained = new Set([...page.matchAll(/--[a-z][a-z-]*/g)].map(([name]) => name));
  expect([...explained].filter((name) => !ofOthers.includes(name)).toSorted()).toEqual(options.toSorted());
});

it('explains every scenario there', () => {
  const rows = [...page.matchAll(/^\| `([a-z-]+)` \| .* \| .* \|$/gm)].map(([, name]) => name);
  expect(rows.slice(0, scenarioNames.length)).toEqual(scenarioNames);
});

it('names the phases of every scenario there', () => {
  for (const name of scenarioNames) {
    const [, phases = ''] = new RegExp(`^\\| \`${name}\` \\| .* \\| (.*) \\|$`, 'm').exec(page) ?? [];
    if (phases === 'as above') continue;
    // Those that are numbered are shown by their first ones.
    const named = [...phases.matchAll(/`([A-Za-z0-9-]+)`/g)].map(([, phase = '']) => phase.replace(/-\d$/, '-N'));
    expect(new Set(named), name).toEqual(new Set(scenarioPhases[name]));
  }
});
