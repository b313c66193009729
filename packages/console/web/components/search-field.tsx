import './field.css';
import { useEffect, useRef, useState } from 'react';
import { SearchField as AriaSearchField, Input, Label } from 'react-aria-components';

/** Typing is over when nothing was typed for so long. */
const settledMs = 250;

export interface SearchFieldProps {
  label: string;
  value: string;
  /** Called when the typing pauses; at once by Enter and where the field is cleared by Escape. */
  onChange: (value: string) => void;
  placeholder?: string;
}

/** A text to search for. */
export function SearchField({ label, value, onChange, placeholder = '' }: SearchFieldProps) {
  const [typed, setTyped] = useState(value);
  const said = useRef(value);
  const say = (text: string) => {
    if (text === said.current) return;
    said.current = text;
    onChange(text);
  };

  // The address may change by other ways: back, or "clear the filters".
  useEffect(() => {
    if (value === said.current) return;
    said.current = value;
    setTyped(value);
  }, [value]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is typed counts
  useEffect(() => {
    const timer = setTimeout(() => say(typed.trim()), settledMs);
    return () => clearTimeout(timer);
  }, [typed]);

  return (
    <AriaSearchField
      className="field"
      value={typed}
      onChange={setTyped}
      onSubmit={(text) => say(text.trim())}
      onClear={() => say('')}
    >
      <Label>{label}</Label>
      <Input className="field-input" placeholder={placeholder} />
    </AriaSearchField>
  );
}
