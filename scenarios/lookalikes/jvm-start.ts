import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratch } from '../../test/support/scratch.ts';
import { lookalike } from '../scenario.ts';

const THREADS = 200;
const POOL = `
import java.util.concurrent.*;
public class Pool {
  public static void main(String[] args) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(${THREADS});
    CountDownLatch all = new CountDownLatch(${THREADS});
    for (int task = 0; task < ${THREADS}; task++) pool.submit(() -> { all.countDown(); all.await(); return null; });
    all.await();
    Thread.sleep(10_000);
    pool.shutdown();
  }
}
`;

export default lookalike({
  does: `A JVM compiles its program, starts, and makes a pool of ${THREADS} threads.`,
  needs: ['java', 'javac'],
  async play(stage) {
    const file = join(scratch, 'Pool.java');
    writeFileSync(file, POOL);
    await stage.script(`java ${file}`);
  },
});
