import './field.css';
import { RadioGroup as AriaRadioGroup, Label, Radio } from 'react-aria-components';

export interface RadioGroupProps<Value extends string> {
  label: string;
  value: Value;
  onChange: (value: Value) => void;
  options: readonly { id: Value; label: string; hint?: string }[];
}

/** One of a few, all of them in sight. */
export function RadioGroup<Value extends string>({ label, value, onChange, options }: RadioGroupProps<Value>) {
  return (
    <AriaRadioGroup className="field" value={value} onChange={(chosen) => onChange(chosen as Value)}>
      <Label>{label}</Label>
      {options.map((option) => (
        <Radio key={option.id} value={option.id} className="radio">
          <span className="radio-dot" />
          <span>
            {option.label}
            {option.hint && <span className="field-hint radio-hint">{option.hint}</span>}
          </span>
        </Radio>
      ))}
    </AriaRadioGroup>
  );
}
