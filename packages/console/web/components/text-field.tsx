import './field.css';
import {
  TextField as AriaTextField,
  type TextFieldProps as AriaTextFieldProps,
  FieldError,
  Input,
  Label,
  Text,
  TextArea,
} from 'react-aria-components';

export interface TextFieldProps extends Omit<AriaTextFieldProps, 'children' | 'className'> {
  label: string;
  /** What the field means, below it. */
  hint?: string;
  /** What is wrong with its value; shown instead of the hint. */
  error?: string | undefined;
  placeholder?: string;
  /** More than 1: a text of several lines. */
  rows?: number;
}

export function TextField({ label, hint, error, placeholder, rows = 1, ...props }: TextFieldProps) {
  return (
    // Not the browser's validation: an error of the last try must not keep the form from the next one.
    <AriaTextField {...props} className="field" validationBehavior="aria" isInvalid={error !== undefined}>
      <Label>{label}</Label>
      {rows > 1 ? (
        <TextArea className="field-input" rows={rows} placeholder={placeholder ?? ''} />
      ) : (
        <Input className="field-input" placeholder={placeholder ?? ''} />
      )}
      {hint && error === undefined && (
        <Text slot="description" className="field-hint">
          {hint}
        </Text>
      )}
      <FieldError className="field-error">{error}</FieldError>
    </AriaTextField>
  );
}
