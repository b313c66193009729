import { describe, expect, it } from 'vitest';
import { endOf } from './run-load.ts';

const never = new AbortController().signal;

describe('the end of a run', () => {
  it('is none where nothing has stopped it', () => {
    expect(endOf(never, never)).toBeNull();
  });

  it('is an interruption where its user has stopped it', () => {
    expect(endOf(AbortSignal.abort(), never)).toBe('interrupted');
  });

  it('names the server that is gone, without its log', () => {
    const gone = new Error('lp-0 is gone: it was ended by SIGKILL\nThe end of lp-0.log:\n  {}');
    expect(endOf(AbortSignal.any([never, AbortSignal.abort(gone)]), never)).toBe(
      'lp-0 is gone: it was ended by SIGKILL',
    );
  });

  it('is what the load tool itself has failed of', () => {
    const failed = AbortSignal.abort(new Error('process 1 of the fleet ended: SIGKILL'));
    expect(endOf(AbortSignal.abort(), failed)).toBe('process 1 of the fleet ended: SIGKILL');
  });
});
