import 'reflect-metadata';
import '@nestjs/common';
import '@nestjs/core';

/** Imports the entry that it is told, after Nest, and answers how many milliseconds that took. */
const began = performance.now();
await import(process.argv[2] ?? '');
process.send?.(performance.now() - began);
