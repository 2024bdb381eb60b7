export type Row = Readonly<Record<string, string | number | null>>;

/** A way past the stores, to many rows at once. */
export interface Bulk {
  rowsNamed(table: string, key: string, names: readonly string[]): Promise<readonly Row[]>;
  /** Rows of a table all have the same columns. */
  insert(table: string, rows: readonly Row[]): Promise<void>;
  remove(table: string, key: string, names: readonly string[]): Promise<void>;
  /** What a database does by itself from time to time, and should not while the clock runs. */
  tend(): Promise<void>;
  close(): Promise<void>;
}
