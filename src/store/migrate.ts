import type { DatabaseSync } from 'node:sqlite';
import { StoreError } from './database.ts';

/** `Culp`: says whose file it is. */
const APPLICATION_ID = 0x43_75_6c_70;

/**
 * Each makes of its predecessor's file its own. What is released is never changed: append.
 *
 * Columns are what somebody asks for; the rest is in `record`, with instants of the boot's clock. Added to `offset_ms` they make Unix time.
 */
export const MIGRATIONS: readonly string[] = [
  `create table incident (
     id text primary key,
     state text not null,
     detector text not null,
     workload text,
     victim text,
     detected_ms real not null,
     boot_id text not null,
     offset_ms real not null,
     record text not null
   ) strict;
   create index incident_open on incident (id) where state = 'open';
   create index incident_detected on incident (detected_ms);
   pragma application_id = ${APPLICATION_ID}`,
  // Bits: what a collector must still be told of it.
  `alter table incident add column owed integer not null default 0;
   create index incident_owed on incident (id) where owed <> 0`,
];

/** Throws a `StoreError` when the file is somebody else's, or of a Culprit newer than this; nothing is written then. */
export function identify(database: DatabaseSync): void {
  const version = numberOf(database, 'pragma user_version');
  const owner = numberOf(database, 'pragma application_id');
  const tables = numberOf(database, 'select count(*) from sqlite_schema');

  if (owner !== APPLICATION_ID && tables > 0)
    throw new StoreError('is a database of another program; give another store.path');
  if (version > MIGRATIONS.length) {
    const schemas = `its schema is ${version}, this one knows ${MIGRATIONS.length}`;
    throw new StoreError(`was written by a newer Culprit (${schemas}); upgrade, or give another store.path`);
  }
}

/** Each step is whole or not at all. */
export function migrate(database: DatabaseSync): void {
  const version = numberOf(database, 'pragma user_version');
  for (const [index, migration] of MIGRATIONS.entries()) {
    if (index >= version) database.exec(`begin immediate; ${migration}; pragma user_version = ${index + 1}; commit`);
  }
}

function numberOf(database: DatabaseSync, sql: string): number {
  return Number(Object.values(database.prepare(sql).get() ?? {})[0]);
}
