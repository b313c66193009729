import { describe, expect, it } from 'vitest';
import { ancestorsOf, isInScope, toTree } from './group-tree.ts';

describe('the tree of groups', () => {
  it('puts each group below its parent, in the order of names', () => {
    expect(toTree(['HQ/Floor 2', 'Branch', 'HQ', 'HQ/Floor 1'])).toEqual([
      { id: 'Branch', name: 'Branch', children: [] },
      {
        ...{ id: 'HQ', name: 'HQ' },
        children: [
          { id: 'HQ/Floor 1', name: 'Floor 1', children: [] },
          { id: 'HQ/Floor 2', name: 'Floor 2', children: [] },
        ],
      },
    ]);
  });

  it('shows a group whose parent is not shown at the top', () => {
    expect(toTree(['HQ/Floor 2', 'HQ/Floor 2/Lab'])).toEqual([
      {
        ...{ id: 'HQ/Floor 2', name: 'HQ/Floor 2' },
        children: [{ id: 'HQ/Floor 2/Lab', name: 'Lab', children: [] }],
      },
    ]);
  });

  it('puts a group below its parent whatever stands between them in the order', () => {
    expect(toTree(['HQ', 'HQ-2', 'HQ/Floor']).map(({ id }) => id)).toEqual(['HQ', 'HQ-2']);
  });

  it('knows what is above a group and what is in scope', () => {
    expect(ancestorsOf(['a/b/c', 'a/d'])).toEqual(['a/b', 'a']);
    expect(isInScope('HQ/Floor', ['HQ'])).toBe(true);
    expect(isInScope('HQ-2', ['HQ'])).toBe(false);
  });
});
