import { PushfleetError } from '@pushfleet/protocol';
import { InvalidArgumentError } from 'commander';

type Parse<Value> = (text: string, field: string) => Value;

/** Reads an option or argument as a balancer would, and refuses it in the same words, before anything is asked of one. */
export function checked<Value>(parse: Parse<Value>): (text: string) => Value {
  return (text) => {
    try {
      return parse(text, 'It');
    } catch (error) {
      if (!(error instanceof PushfleetError)) throw error;
      throw new InvalidArgumentError(`${error.message.replace(/^It: /, 'It ')}.`);
    }
  };
}

/** The same for what may be given several times. */
export function checkedEach<Value>(parse: Parse<Value>): (text: string, before?: readonly Value[]) => Value[] {
  const read = checked(parse);
  return (text, before = []) => [...before, read(text)];
}
