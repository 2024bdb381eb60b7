import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import { isatty } from 'node:tty';
import { redactJson, redactText, secretFields } from './redact-text.js';

export interface RedactingLoggerOptions {
  /** A line of JSON for each entry, or text for people. */
  readonly format: 'json' | 'text';
  readonly levels: readonly LogLevel[];
  /** Secrets of this process, which are taken out wherever they stand. */
  readonly secrets: readonly string[];
}

/**
 * Nest's logger, without secrets: by the names of fields, by what looks like one, and by those that
 * the process knows. THR-76.
 */
export class RedactingLogger extends ConsoleLogger {
  readonly #secrets: readonly string[];

  constructor({ format, levels, secrets }: RedactingLoggerOptions) {
    super({
      prefix: 'Keybound',
      json: format === 'json',
      colors: format === 'text' && isatty(1),
      compact: true,
      flattenParams: true,
      logLevels: [...levels],
      redact: { paths: [...secretFields], censor: '[redacted]' },
    });
    // As they are, and as they stand in JSON and in URLs.
    this.#secrets = secrets.flatMap((secret) => [
      secret,
      JSON.stringify(secret).slice(1, -1),
      encodeURIComponent(secret),
    ]);
  }

  protected override stringifyJsonLogObject(entry: Record<string, unknown>): string {
    const line = super.stringifyJsonLogObject(entry);
    // What cannot be JSON, Nest writes as text.
    const isJson = line.startsWith('{"');
    return isJson ? redactJson(line, this.#secrets) : redactText(line, this.#secrets);
  }

  protected override formatMessage(...line: Parameters<ConsoleLogger['formatMessage']>): string {
    return redactText(super.formatMessage(...line), this.#secrets);
  }

  protected override printStackTrace(stack: string | undefined): void {
    if (stack !== undefined) super.printStackTrace(redactText(stack, this.#secrets));
  }
}
