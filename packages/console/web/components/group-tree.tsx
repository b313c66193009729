import './group-tree.css';
import { ChevronRight } from 'lucide-react';
import { type ReactNode, useMemo, useState } from 'react';
import { Button, Collection, type Selection, Tree, TreeItem, TreeItemContent } from 'react-aria-components';
import { ancestorsOf, type GroupNode, toTree } from '../app/group-tree.ts';
import { Checkbox } from './checkbox.tsx';

export interface GroupTreeProps {
  label: string;
  paths: readonly string[];
  selected: readonly string[];
  onSelect: (paths: readonly string[]) => void;
  /** `many`: each group has a checkbox. */
  choice: 'one' | 'many';
  isDisabled?: boolean;
  /** Shown where there are no groups. */
  empty: ReactNode;
}

/** The administration groups as a tree. The arrow keys open, close and go through it; Space and Enter choose. */
export function GroupTree({ label, paths, selected, onSelect, choice, isDisabled = false, empty }: GroupTreeProps) {
  const roots = useMemo(() => toTree(paths), [paths]);
  const [opened, setOpened] = useState<Selection>();
  const initial = useMemo(() => [...roots.map(({ id }) => id), ...ancestorsOf(selected)], [roots, selected]);
  return (
    <Tree
      aria-label={label}
      className="group-tree"
      items={roots}
      selectionMode={choice === 'one' ? 'single' : 'multiple'}
      selectionBehavior={choice === 'one' ? 'replace' : 'toggle'}
      selectedKeys={selected}
      onSelectionChange={(keys) => onSelect(keys === 'all' ? paths : [...keys].map(String))}
      expandedKeys={opened === undefined || opened === 'all' ? initial : opened}
      onExpandedChange={(keys) => setOpened(keys)}
      disabledKeys={isDisabled ? paths : []}
      disallowEmptySelection={choice === 'one'}
      renderEmptyState={() => <p className="soft">{empty}</p>}
    >
      {(group) => <GroupItem group={group} hasCheckbox={choice === 'many'} />}
    </Tree>
  );
}

function GroupItem({ group, hasCheckbox }: { group: GroupNode; hasCheckbox: boolean }) {
  return (
    <TreeItem id={group.id} textValue={group.id} className="group-item">
      <TreeItemContent>
        <Button slot="chevron" className="group-chevron">
          <ChevronRight size={16} aria-hidden />
        </Button>
        {hasCheckbox && <Checkbox slot="selection" />}
        <span>{group.name}</span>
      </TreeItemContent>
      <Collection items={group.children}>{(child) => <GroupItem group={child} hasCheckbox={hasCheckbox} />}</Collection>
    </TreeItem>
  );
}
