// Preloaded (`--import`) into the processes of a test: SIGUSR2 sends one of them into an endless loop.
process.on('SIGUSR2', () => {
  for (;;);
});
