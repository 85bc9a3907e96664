const NOBODY = 65_534;

/** The answer that a user without any right gets: root is refused nothing by a file's mode. */
export async function asNobody<Answer>(ask: () => Answer | Promise<Answer>): Promise<Answer> {
  const user = process.geteuid?.();
  if (user !== 0) return ask();
  process.seteuid?.(NOBODY);
  try {
    return await ask();
  } finally {
    process.seteuid?.(user);
  }
}
