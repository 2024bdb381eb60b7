// A rejection that nobody handles must fail the run, not pass unseen (INV-1).
process.on('unhandledRejection', (reason) => {
  throw reason instanceof Error ? reason : new Error(String(reason));
});
