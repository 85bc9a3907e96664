export { StoreError } from './database.ts';
export { Store, type StoredQuery, type StoreReading } from './store.ts';
