import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { culprit } from './culprit.ts';

const OVERVIEW = `Culprit names the process that is hurting this host.

Usage: culprit COMMAND [FLAGS]

  run           Watch this host and answer scrapes until told to stop
  check-config  Say whether the configuration is valid, and where each value comes from
  doctor        Say what works on this host, and what to do about what does not
  incidents     Tell what is wrong or was, since when, and who is to blame
  blame         Say who made whom wait, and behind which process
  workloads     List containers, pods and units: what each uses, causes and suffers
  top           List the processes that use most, or make others wait
  tree          Draw whom a process comes from, and who comes from it
  stream        Print events as they happen
  replay        Say what Culprit concludes of a recording
  version       Print the version
  completion    Print a completion script for a shell
  help          Explain a command

culprit help COMMAND explains one. Flags win over the environment, it over the file, it over the defaults.
Exit codes: 0 done, 1 failed or refused, 2 the command line is wrong,
3 there is what was looked for (only where --exit-code asks for it).
`;

const DOCTOR_HELP = `Say what works on this host, and what to do about what does not.

Checks the configuration, the kernel, its privileges and every probe, and
changes nothing. "warn" costs a part of what Culprit sees; "fail" costs the
probes or the start.

Usage: culprit doctor [FLAGS]

  --json
        Answer in JSON, for programs.
  -h, --help
        Print this.

Configuration, each also by the variable in brackets or in the file:
  --config FILE
        The configuration file. Default: /etc/culprit/culprit.yaml, if it
        exists. [CULPRIT_CONFIG]
  --listen VALUE
        Address and port to answer HTTP on: "127.0.0.1:9464", "[::1]:9464", or
        ":9464" for every address. Port 0 takes a free one. On an address that
        others can reach, only /metrics and health are served. Default:
        "127.0.0.1:9464". [CULPRIT_LISTEN]
`;

describe('culprit', () => {
  for (const line of ['--help', '-h', 'help']) {
    it(`explains itself on ${line}`, async () => {
      assert.deepEqual(await culprit(line), { code: 0, out: OVERVIEW, err: '' });
    });
  }

  it('explains itself on stderr when nothing is asked, which is a usage error', async () => {
    assert.deepEqual(await culprit(''), { code: 2, out: '', err: OVERVIEW });
  });

  it('explains a command the same on both ways, with every flag, its default and its variable', async () => {
    const { code, out, err } = await culprit('doctor --help');

    assert.deepEqual({ code, out: out.slice(0, DOCTOR_HELP.length), err }, { code: 0, out: DOCTOR_HELP, err: '' });
    assert.deepEqual(await culprit('help doctor'), { code: 0, out, err: '' });
  });

  for (const command of ['run', 'check-config', 'doctor', 'blame', 'top', 'tree', 'version', 'completion', 'help']) {
    it(`does nothing but explain on ${command} --help, within the width of the terminal`, async () => {
      const { code, out } = await culprit(`${command} --help`, {
        run: () => assert.fail(),
        doctor: () => assert.fail(),
      });

      assert.equal(code, 0);
      assert.deepEqual(
        out.split('\n').filter((line) => line.length > 80),
        [],
      );
    });
  }

  it('refuses a command that it does not know, and says which was meant', async () => {
    assert.deepEqual(await culprit('chekc-config'), {
      code: 2,
      out: '',
      err: 'culprit: unknown command "chekc-config"; did you mean check-config?\nTry: culprit help\n',
    });
    assert.equal((await culprit('help docter')).err, 'culprit help: unknown command "docter"; did you mean doctor?\n');
    assert.equal((await culprit('constructor')).code, 2);
  });

  it('tells its version, for people and for programs', async () => {
    assert.deepEqual(await culprit('version'), { code: 0, out: 'culprit 1.2.3 (node v24.0.0)\n', err: '' });
    assert.deepEqual(await culprit('--version'), await culprit('version'));
    assert.deepEqual(JSON.parse((await culprit('version --json')).out), { version: '1.2.3', node: 'v24.0.0' });
  });

  it('refuses words that a command has no use for', async () => {
    assert.deepEqual(await culprit('version --jsn'), {
      code: 2,
      out: '',
      err: 'culprit version: unknown flag --jsn; did you mean --json?\nTry: culprit version --help\n',
    });
    assert.equal((await culprit('version now')).code, 2);
    assert.equal(
      (await culprit('completion tcsh')).err,
      'culprit completion: expected one of bash, zsh, fish; got tcsh\n',
    );
  });
});
