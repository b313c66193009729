/** One text and a newline on standard output. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** One line for the person at the terminal, beside what a program reads from standard output. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** A reader that has seen enough (`pushfleet devices | head`) is no error. */
export function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}
