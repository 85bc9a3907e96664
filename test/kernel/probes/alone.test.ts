import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { requirement } from '../../support/require.ts';
import { ITERATORS, openProbes } from './probes.ts';

const PROGRAMS = [
  'on_fork',
  'on_exec',
  'on_exit',
  'on_reap',
  'on_cgroup_mkdir',
  'on_cgroup_rmdir',
  'on_cgroup_attach',
  'on_switch',
  'on_migrate',
  'on_wakeup',
  'on_wakeup_new',
  'on_turn',
  'waiting',
  'on_io_complete',
  'on_io_merge',
  'on_reclaim_begin',
  'on_reclaim_end',
  'on_limit_begin',
  'on_limit_end',
  'on_compaction_begin',
  'on_compaction_end',
  'snapshot',
  'snapshot_names',
];
/** Since 6.5, and what stands for them before. */
const IO_HOOKS = [['on_io_start', 'on_io_done'], ['on_io_issue']];
/** The kernel gives up at a million. */
const VERIFIED_MAX = 200_000;
const MAPS_BYTES_MAX = 10 * 1024 * 1024;

describe('each probe', { skip: requirement('bpf', 'clang', 'bpftool') }, () => {
  for (const name of PROGRAMS)
    it(`${name} passes the verifier and attaches with none of the others there`, () => {
      using object = openProbes({ only: [name] }).load();

      using link = object.program(name).attach();

      assert.equal(link.program, name);
      assert.equal(object.program(name).describe().verifiedInstructions! < VERIFIED_MAX, true);
    });

  it('for a victim of the kernel fits this kernel, one of the two', () => {
    using object = openProbes().load();
    const fitting = object.programs.filter((program) => program.loaded && program.name.startsWith('on_oom'));

    assert.equal(fitting.length, 1);
    using link = fitting[0]!.attach();
    assert.equal(link.program.startsWith('on_oom_'), true);
  });

  it('for the beginning of a request fits this kernel, one of the two, with one for its end where there is one', () => {
    using object = openProbes().load();
    const fitting = object.programs.filter(({ loaded, name }) => loaded && IO_HOOKS.flat().includes(name));

    assert.equal(
      IO_HOOKS.some((names) =>
        isDeepStrictEqual(
          names,
          fitting.map(({ name }) => name),
        ),
      ),
      true,
    );
    for (const program of fitting) {
      using link = program.attach();
      assert.equal(link.program, program.name);
    }
  });

  it('shares maps with the others that hold 10 MiB together at most', () => {
    using object = openProbes().load();

    assert.equal(object.maps.reduce((sum, map) => sum + map.memoryBytes(), 0) < MAPS_BYTES_MAX, true);
  });

  it('is in the list above: there are no others', () => {
    using object = openProbes();
    const names = object.programs
      .map(({ name }) => name)
      .filter((name) => !name.startsWith('on_oom_') && !IO_HOOKS.flat().includes(name));

    assert.deepEqual(names.toSorted(), PROGRAMS.toSorted());
    assert.deepEqual(names.filter((name) => ITERATORS.includes(name)).length, 3);
  });
});
