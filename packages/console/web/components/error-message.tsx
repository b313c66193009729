import './message.css';
import { Problem } from '../api/client.ts';

/** What went wrong, in the balancer's words. */
export function ErrorMessage({ error }: { error: unknown }) {
  return (
    <p className="message message-bad" role="alert">
      {errorText(error)}
    </p>
  );
}

export function errorText(error: unknown): string {
  return asSentence(error instanceof Error ? error.message : String(error));
}

/** The text of a problem that is about this field of the request, or below it. */
export function fieldError(error: unknown, field: string): string | undefined {
  if (!(error instanceof Problem)) return undefined;
  return error.field === field || error.field.startsWith(`${field}[`) || error.field.startsWith(`${field}.`)
    ? asSentence(error.message)
    : undefined;
}

/** The balancer's texts are made to stand within others, and begin with a small letter. */
function asSentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
