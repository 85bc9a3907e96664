import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { BUNDLE, Exporter, neutralEnv } from '../support/exporter.ts';
import { type Sample, sum } from '../support/samples.ts';
import { until } from '../support/until.ts';
import { Containerd, containerdUnavailable, IMAGE } from './containerd.ts';
import { type Pod, Pods } from './pods.ts';

const skip = containerdUnavailable();
const run = promisify(execFile);

const API = 'api-6d4cf56db6-x7k2p';
const FORKS = 23;
const LIMITS = { cpu_period: 100_000, cpu_quota: 50_000, memory_limit_in_bytes: 64 << 20 };
const SPIN = 'while :; do :; done';
const COUNTED = `i=0; while [ $i -lt ${FORKS} ]; do /bin/busybox true; i=$((i+1)); done`;

interface WorkloadTold {
  readonly name: string;
  readonly namespace?: string;
  readonly pod?: string;
  readonly container?: string;
  readonly image?: string;
}

interface ProcessTold {
  readonly comm: string;
  readonly workload: WorkloadTold;
}

describe('pods of a real containerd', { skip }, () => {
  let containerd: Containerd;
  let pods: Pods;
  let exporter: Exporter;
  let api: Pod;
  let apiId: string;
  let brief: Pod;

  before(async () => {
    containerd = await Containerd.create();
    pods = new Pods(containerd);
    const workloads = `{ dockerSockets: [], criSockets: [${containerd.socket}], labels: [team] }`;
    exporter = await Exporter.start(`workloads: ${workloads}\nlimits: { retentionMinutes: 1 }`);

    brief = await pods.start({ namespace: 'batch', name: 'brief' });
    await pods.run(brief, 'once', COUNTED);
    const labels = { team: 'money', tier: 'front', 'pod-template-hash': '6d4cf56db6' };
    api = await pods.start({ namespace: 'payments', name: API, labels });
    apiId = await pods.run(api, 'api', SPIN, LIMITS);
  });
  after(async () => {
    await exporter?.stop();
    await pods?.close();
    await containerd?.close();
  });

  it('are named with all that containerd knows of them, and with the labels that are wanted', async () => {
    const isApi = ({ name, labels }: Sample) =>
      name === 'culprit_workload_info' && labels.workload === `payments/${API}/api`;
    const page = await exporter.settle((samples) => samples.some(isApi));

    assert.deepEqual(page.find(isApi)?.labels, {
      workload: `payments/${API}/api`,
      workload_kind: 'container',
      k8s_namespace_name: 'payments',
      k8s_pod_name: API,
      k8s_container_name: 'api',
      container_id: apiId,
      container_name: 'api',
      container_image_name: IMAGE,
      container_runtime_name: 'containerd',
      k8s_pod_uid: api.uid,
      k8s_deployment_name: 'api',
      k8s_pod_label_team: 'money',
    });
  });

  it('have their names on all that was counted from the first process on', async () => {
    const match = { k8s_namespace_name: 'batch', k8s_pod_name: 'brief', k8s_container_name: 'once', group: 'busybox' };
    const counts = (samples: Sample[]) =>
      ['forks', 'execs', 'exits'].map((what) => sum(samples, `culprit_process_${what}_total`, match));

    // The shell is one more.
    const expected = [FORKS, FORKS + 1, FORKS + 1];
    const page = await exporter.settle((samples) => counts(samples).join() === expected.join());
    await pods.end(brief);

    assert.deepEqual(counts(page), expected);
  });

  it('are the pod alone where it is the process that holds their namespaces', async () => {
    const [pause, ...more] = await processes(`workload=payments/${API}`);

    assert.deepEqual([pause?.comm, more], ['sleep', []]);
    assert.deepEqual(pause?.workload, {
      kind: 'pod',
      name: `payments/${API}`,
      engine: 'containerd',
      containerId: api.sandboxId,
      podUid: api.uid,
      pod: API,
      namespace: 'payments',
      owner: { kind: 'Deployment', name: 'api' },
      labels: { team: 'money' },
    });
  });

  it('are shown with the limits that a kubelet sets, and with how often they were held back', async () => {
    const of = (samples: Sample[], what: string) =>
      sum(samples, `culprit_workload_${what}`, { workload: `payments/${API}/api` });

    const page = await exporter.settle((samples) => of(samples, 'cpu_throttled_periods_total') > 0);

    assert.deepEqual([of(page, 'cpu_quota'), of(page, 'memory_limit_bytes')], [0.5, LIMITS.memory_limit_in_bytes]);
    assert.notEqual(of(page, 'cpu_throttled_periods_total'), 0);
  });

  it('are told by their names: one for which another waits', async () => {
    const hogs = await Promise.all(['spin-0', 'spin-1'].map((name) => pods.start({ namespace: 'batch', name })));
    for (const hog of hogs) await pods.run(hog, 'main', SPIN);

    const workload = await until(() => blamedForWaits('batch/spin-0/main'), { what: 'a wait behind spin-0' });
    for (const hog of hogs) await pods.end(hog);

    assert.deepEqual(namesOf(workload), ['batch', 'spin-0', 'main', IMAGE]);
  });

  it('are blamed by their names: one that forks', async () => {
    const pod = await pods.start({ namespace: 'batch', name: 'burst' });
    await pods.run(pod, 'main', 'i=0; while [ $i -lt 300 ]; do /bin/busybox true; i=$((i+1)); done; sleep 1000');

    const workload = await until(() => blamed('batch/burst/main', 'fork-burst'), { what: 'an incident of burst' });
    await pods.end(pod);

    assert.deepEqual(namesOf(workload), ['batch', 'burst', 'main', IMAGE]);
  });

  it('are told apart by namespace and kind, in the API and by culprit top', async () => {
    const { stdout } = await run(BUNDLE, ['top', '--namespace', 'payments', '--url', exporter.url], {
      env: neutralEnv(),
    });
    const byStall = await processes('namespace=payments&sort=stall');
    const { workloads } = (await exporter.json('/workloads?kind=pod&sort=memory&namespace=payments')) as {
      workloads: { workload: { kind: string; name: string } }[];
    };

    assert.match(stdout, new RegExp(`2 as asked for[^]* payments/${API}/api [^]* payments/${API} `));
    assert.deepEqual(
      byStall.map(({ workload }) => workload.name),
      [`payments/${API}/api`, `payments/${API}`],
    );
    assert.deepEqual(
      workloads.map(({ workload: { kind, name } }) => [kind, name]),
      [['pod', `payments/${API}`]],
    );
    assert.deepEqual(await processes('namespace=nobodys'), []);
  });

  it('keep their names while containerd is away, and get one when it is back', async () => {
    await containerd.stopServing();
    const meanwhile = await processes('namespace=payments');
    await containerd.serve();
    const late = await pods.start({ namespace: 'payments', name: 'late' });
    await pods.run(late, 'main', 'sleep 1000');

    assert.deepEqual(
      meanwhile.map(({ workload }) => workload.pod),
      [API, API],
    );
    await until(async () => (await named('payments/late/main')) === 1, { what: 'a name' });
    assert.equal(await named(`payments/${API}/api`), 1);
    await pods.end(late);
  });

  it('are let go when they have ended, and the others stay', async () => {
    await until(async () => (await named('batch/brief/once')) + (await named('batch/brief')) === 0, {
      what: 'the end of brief',
      withinMs: 120_000,
    });

    assert.equal(await named(`payments/${API}`), 1);
  });

  async function named(workload: string): Promise<number> {
    return sum(await exporter.scrape(), 'culprit_workload_info', { workload });
  }

  async function processes(query: string): Promise<readonly ProcessTold[]> {
    return (await exporter.json(`/processes?${query}`)).processes as ProcessTold[];
  }

  /** The workload of that name, where this detector blames it. */
  async function blamed(name: string, by: string): Promise<WorkloadTold | undefined> {
    const { incidents } = (await exporter.json('/incidents')) as {
      incidents: { detector: string; culprit: { workload: WorkloadTold | null } }[];
    };
    const found = incidents.find(({ detector, culprit }) => detector === by && culprit.workload?.name === name);
    return found?.culprit.workload ?? undefined;
  }

  /** The workload of that name, where the API waited for a CPU behind it. */
  async function blamedForWaits(name: string): Promise<WorkloadTold | undefined> {
    const { victims } = (await exporter.json(`/blame?victim=payments/${API}/api&resource=cpu`)) as {
      victims: { parts: { offender: string; workload?: WorkloadTold }[] }[];
    };
    return victims[0]?.parts.find(({ offender }) => offender === name)?.workload;
  }
});

function namesOf({ namespace, pod, container, image }: WorkloadTold) {
  return [namespace, pod, container, image];
}
