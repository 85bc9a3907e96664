import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { identify, migrate } from './migrate.ts';

/** Why nothing can be stored; the message goes on after the file's name. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

/** One that just stops may still hold it. */
const LOCKED_MS_MAX = 2_000;

const BUSY = 5;
const CORRUPT = [11, 26];

/**
 * Nobody else opens it while we run: two would resume the same incidents. A kill gives it free.
 *
 * A commit reaches the kernel, not the disk: a kill loses nothing of it, a power cut the last seconds; and no disk that is stuck holds us up,
 * other than at a checkpoint, once in 4 MiB.
 */
const SETTINGS = `
  pragma journal_mode = wal;
  pragma synchronous = normal;
  pragma journal_size_limit = 4194304;
  pragma cache_size = -512`;

/** Throws a `StoreError`, or what SQLite says of a file that is damaged. */
export async function openDatabase(path: string): Promise<DatabaseSync> {
  const { DatabaseSync } = await import('node:sqlite');
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o750 });
    database = new DatabaseSync(path, { timeout: LOCKED_MS_MAX });
    database.exec('pragma locking_mode = exclusive');
    identify(database);
    database.exec(SETTINGS);
    const { quick_check: verdict } = database.prepare('pragma quick_check(1)').get() as { quick_check: string };
    if (verdict !== 'ok') throw Object.assign(new Error(verdict.split('\n').at(-1)), { errcode: CORRUPT[0] });
    migrate(database);
    return database;
  } catch (error) {
    closeQuietly(database);
    if (error instanceof StoreError || isCorruption(error)) throw error;
    if (codeOf(error) === BUSY) throw new StoreError('is in use by another Culprit; give each its own store.path');
    throw new StoreError(`cannot be opened: ${error instanceof Error ? error.message : error}`);
  }
}

/** The file is not a database, or not whole. */
export function isCorruption(error: unknown): boolean {
  return CORRUPT.includes(codeOf(error));
}

/** Keeps a damaged file for whoever wants to look; of those, the last. Its new name. */
export function moveAside(path: string): string {
  const aside = `${path}.corrupt`;
  if (existsSync(path)) renameSync(path, aside);
  for (const companion of ['-wal', '-shm']) rmSync(path + companion, { force: true });
  return aside;
}

/** What it holds is written already, or can't be. */
export function closeQuietly(database: DatabaseSync | undefined): void {
  try {
    database?.close();
  } catch {
    // A file that fails at the last is what the next start will find.
  }
}

/** The primary code, of SQLite's extended one. */
function codeOf(error: unknown): number {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) : Number.NaN;
  return code & 0xff;
}
