import { limits, PushfleetError } from '@pushfleet/protocol';
import { readBoundedFile } from '@pushfleet/runtime';
import { Command } from 'commander';
import { CommandFailure } from '../output/failure.ts';
import { deliveryHelp } from '../push/delivery-options.ts';
import { outcomesHelp, withPushOptions } from '../push/push-options.ts';
import { type PushFlags, runPush } from '../push/run-push.ts';
import type { CommandContext } from './context.ts';

const examples = `
Examples:
  $ pushfleet push custom laptop-17 lock-screen
  $ pushfleet push custom laptop-17 set-policy --payload-file policy.json
  $ pushfleet push custom --group HQ show-message --payload "The office closes at 18:00"`;

interface CustomFlags extends PushFlags, PayloadFlags {}

interface PayloadFlags {
  payload?: string;
  payloadFile?: string;
}

export function pushCustomCommand(context: CommandContext): Command {
  const command = new Command('custom')
    .description('an operation that only the Administration Server and the devices understand')
    .usage('[options] [device...] <name>')
    .argument('<device-and-name...>', 'ids of devices, and last the name of the operation')
    .option('--payload <text>', 'what goes with it')
    .option('--payload-file <path>', 'the same from a file, up to 1 MiB');
  return withPushOptions(command)
    .addHelpText('after', `${outcomesHelp}${deliveryHelp}\n${examples}`)
    .action(async (words: string[], { payload, payloadFile, ...flags }: CustomFlags) => {
      const name = words.at(-1) ?? '';
      const custom = { name, payload: readPayload({ payload, payloadFile } as PayloadFlags) };
      await runPush(context, words.slice(0, -1), flags, { custom });
    });
}

function readPayload({ payload, payloadFile }: PayloadFlags): Buffer {
  if (payload !== undefined && payloadFile !== undefined) {
    throw new CommandFailure('--payload and --payload-file say the same: give one of them');
  }
  const bytes = payloadFile === undefined ? Buffer.from(payload ?? '') : readPayloadFile(payloadFile);
  if (bytes.length <= limits.payloadBytes) return bytes;
  throw new CommandFailure(`--payload must be at most ${limits.payloadBytes} bytes; it has ${bytes.length}`);
}

function readPayloadFile(path: string): Buffer {
  try {
    return readBoundedFile(path, limits.payloadBytes);
  } catch (cause) {
    if (cause instanceof PushfleetError) throw new CommandFailure(`--payload-file: ${cause.message}`, { cause });
    const problem = (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no file' : 'cannot read';
    throw new CommandFailure(`--payload-file: ${problem} ${path}`, { cause });
  }
}
