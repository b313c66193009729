import './button.css';
import { Button as AriaButton, type ButtonProps as AriaButtonProps, Link, type LinkProps } from 'react-aria-components';

type Kind = 'primary' | 'plain' | 'danger' | 'quiet';

export interface ButtonProps extends AriaButtonProps {
  /** Default `plain`; one `primary` at most stands in a page or a dialog. */
  kind?: Kind;
  className?: string;
  /** What it asked for is under way: it keeps the focus, and a press does nothing. A form has to heed that, too. */
  isBusy?: boolean;
}

export function Button({ kind = 'plain', className = '', isBusy = false, onPress, ...props }: ButtonProps) {
  return (
    <AriaButton
      {...props}
      {...(onPress && !isBusy && { onPress })}
      className={`button button-${kind} ${isBusy ? 'button-busy' : ''} ${className}`}
    />
  );
}

/** A link to another page that looks like a button. */
export function ButtonLink({ kind = 'plain', ...props }: LinkProps & { kind?: Kind }) {
  return <Link {...props} className={`button button-${kind}`} />;
}
