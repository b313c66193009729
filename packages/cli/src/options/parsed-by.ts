import { PushfleetError } from '@pushfleet/protocol';
import { z } from 'zod';

/** A step of a schema: reads a value as the rest of pushfleet does, and says what is wrong with it in the same words. */
export function parsedBy<Given, Value>(parse: (value: Given, field: string) => Value) {
  return (value: Given, context: z.RefinementCtx): Value => {
    try {
      return parse(value, '');
    } catch (error) {
      if (!(error instanceof PushfleetError)) throw error;
      context.addIssue({ code: 'custom', message: error.message.replace(/^[ :]+/, '') });
      return z.NEVER;
    }
  };
}
