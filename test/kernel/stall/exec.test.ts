import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { requirement } from '../../support/require.ts';
import { scratch } from '../../support/scratch.ts';
import { until } from '../../support/until.ts';
import { scheduled } from '../probes/hogs.ts';
import { Party, Watch } from './watched.ts';

const PROGRAM = join(scratch, 'execs-from-a-thread');
/** A thread that is not the first computes for 0.3 s, waits to be told, and execs. */
const SOURCE = `
#include <pthread.h>
#include <time.h>
#include <unistd.h>

static void *second(void *unused)
{
	struct timespec used = {};
	char go;

	while (used.tv_nsec < 300000000 && !used.tv_sec)
		clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
	read(0, &go, 1);
	execlp("sleep", "sleep", "100", NULL);
	return unused;
}

int main(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, second, NULL);
	return pthread_join(thread, NULL);
}
`;

describe('a thread that execs and becomes the leader', { skip: requirement('bpf', 'clang', 'taskset', 'perl') }, () => {
  before(() => {
    writeFileSync(`${PROGRAM}.c`, SOURCE);
    execFileSync('clang', ['-pthread', '-o', PROGRAM, `${PROGRAM}.c`]);
  });

  it('brings along what it waited, which is not charged again', async () => {
    using watch = new Watch();
    const hog = await Party.start('beside', '1', '1 while 1');
    const party = await Party.start('execs', '1', `exec "${PROGRAM}"`);
    const first = party.waited();
    for (const each of [hog, party]) each.begin();
    await until(() => party.ran() > 0.3);
    await hog.freeze();
    const leader = scheduled(party.pid).waitedNs / 1e9;

    party.begin();
    await until(() => readdirSync(`/proc/${party.pid}/task`).length === 1);
    await party.freeze();
    watch.read();

    const [told, counted] = [watch.seconds(party), leader - first + party.waited()];
    assert.ok(party.waited() > 0.1, `it waited ${party.waited()} s`);
    // The old leader may have waited for its end.
    assert.ok(Math.abs(told - counted) < 0.03, `told ${told} s, the kernel counted ${counted} s`);
    for (const each of [hog, party]) await each.end();
  });
});
