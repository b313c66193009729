import { PushfleetError, parseLabels } from '@pushfleet/protocol';
import { InvalidArgumentError, Option } from 'commander';

/** `--label os=linux --label ring=early`. */
export function labelOption(description: string): Option {
  return new Option('-l, --label <key=value>', `${description}; may be given several times`).argParser(collectLabel);
}

/** `os=linux`. @throws InvalidArgumentError */
function collectLabel(text: string, labels: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 0) throw new InvalidArgumentError('a label is written key=value, e.g. os=linux');
  const key = text.slice(0, at);
  if (Object.hasOwn(labels, key)) throw new InvalidArgumentError(`the label ${key} is there twice`);
  const collected = { ...labels, [key]: text.slice(at + 1) };
  try {
    return { ...parseLabels(collected, 'label') };
  } catch (error) {
    throw error instanceof PushfleetError ? new InvalidArgumentError(error.message) : error;
  }
}
