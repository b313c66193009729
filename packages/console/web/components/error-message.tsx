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
  if (error instanceof Problem && error.field !== '') return error.message;
  return error instanceof Error ? error.message : String(error);
}

/** The text of a problem that is about this field of the request, or below it. */
export function fieldError(error: unknown, field: string): string | undefined {
  if (!(error instanceof Problem)) return undefined;
  return error.field === field || error.field.startsWith(`${field}[`) || error.field.startsWith(`${field}.`)
    ? error.message
    : undefined;
}
