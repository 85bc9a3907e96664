/** Memory of V8: `leak` keeps what it handled beside much garbage, `garbage` keeps nothing, `cache` forgets the oldest. */
const TICK_MS = 50;
const ENTRIES_MAX = 60;

const [, , mode] = process.argv;
const kept = new Map<number, object>();
let count = 0;

setInterval(() => {
  // Garbage: a few MiB of short-lived objects, as any server makes.
  for (let index = 0; index < 400; index++) session(index);
  if (mode === 'garbage') return;

  count++;
  if (mode === 'leak' && count % 5 === 0) kept.set(count, session(9));
  if (mode === 'cache' && count % 20 === 0) kept.set(count, Buffer.alloc(2 << 20, 1));
  if (mode === 'cache' && kept.size > ENTRIES_MAX) kept.delete(kept.keys().next().value ?? 0);
}, TICK_MS);

/** Some 60 KiB if 9, else 0.5 KiB. */
function session(weight: number): object {
  return Array.from({ length: weight === 9 ? 900 : 8 }, (_, index) => ({ id: index, seen: [index, weight, count] }));
}
