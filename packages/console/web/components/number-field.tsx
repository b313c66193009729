import './field.css';
import {
  NumberField as AriaNumberField,
  type NumberFieldProps as AriaNumberFieldProps,
  FieldError,
  Input,
  Label,
  Text,
} from 'react-aria-components';

export interface NumberFieldProps extends Omit<AriaNumberFieldProps, 'children' | 'className'> {
  label: string;
  hint?: string;
  /** What is wrong with its value; shown instead of the hint. */
  error?: string | undefined;
}

/** A whole number, without separators: ports and limits are copied from elsewhere. */
export function NumberField({ label, hint, error, ...props }: NumberFieldProps) {
  return (
    <AriaNumberField
      formatOptions={{ useGrouping: false, maximumFractionDigits: 0 }}
      {...props}
      className="field"
      validationBehavior="aria"
      isInvalid={error !== undefined}
    >
      <Label>{label}</Label>
      <Input className="field-input" />
      {hint && error === undefined && (
        <Text slot="description" className="field-hint">
          {hint}
        </Text>
      )}
      <FieldError className="field-error">{error}</FieldError>
    </AriaNumberField>
  );
}
