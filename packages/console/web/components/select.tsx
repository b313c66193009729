import './field.css';
import { ChevronDown } from 'lucide-react';
import { Select as AriaSelect, Button, Label, ListBox, ListBoxItem, Popover, SelectValue } from 'react-aria-components';

export interface SelectProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  options: readonly { id: string; label: string }[];
  isDisabled?: boolean;
}

export function Select({ label, value, onChange, options, isDisabled = false }: SelectProps) {
  return (
    <AriaSelect
      className="field"
      isDisabled={isDisabled}
      value={value}
      onChange={(chosen) => chosen !== null && onChange(String(chosen))}
    >
      <Label>{label}</Label>
      <Button className="field-trigger">
        <SelectValue />
        <ChevronDown size={16} aria-hidden />
      </Button>
      <Popover className="list-popover">
        <ListBox items={options}>
          {(option) => (
            <ListBoxItem className="list-option" id={option.id}>
              {option.label}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
