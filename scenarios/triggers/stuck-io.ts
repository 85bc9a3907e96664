import { trigger } from '../scenario.ts';
import { FrozenDisk } from '../stage/frozen-disk.ts';

const WRITERS = 8;

/** What a snapshot of a volume does that hangs half-way: all who write to it wait, and no signal reaches them. */
export default trigger({
  does: `${WRITERS} processes write to a file system that is frozen.`,
  expects: [{ detector: 'stuck-io', culprit: 'the workload' }],
  needs: ['fsfreeze', 'losetup', 'mkfs.ext4', 'mount'],
  isQuick: true,
  isLight: true,
  async play(stage) {
    const disk = new FrozenDisk();
    stage.restore(() => disk.remove());
    const writers = await stage.load(stage.place(), ['writers', disk.folder, WRITERS]);
    disk.freeze();
    await stage.cause(writers, async () => disk.thaw());
  },
});
