import { InvalidArgumentError } from 'commander';

/** A parser of options that count something. Other spellings of numbers (1e3, 0x10, 010, 1_000) are refused. */
export function wholeNumber(max = 999_999_999): (text: string) => number {
  return (text) => {
    const number = /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 0;
    if (number >= 1 && number <= max) return number;
    throw new InvalidArgumentError(`It must be a whole number, 1 to ${max}.`);
  };
}
