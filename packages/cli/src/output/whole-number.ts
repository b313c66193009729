import { InvalidArgumentError } from 'commander';

/** A parser of options that count something. */
export function wholeNumber(max = 999_999_999): (text: string) => number {
  return (text) => {
    const number = /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 0;
    if (number >= 1 && number <= max) return number;
    throw new InvalidArgumentError(`It must be a whole number, 1 to ${max}.`);
  };
}
