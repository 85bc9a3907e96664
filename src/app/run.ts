import type { Logger } from 'pino';
import { type Config, type ListenAddress, type Loaded, parseListen, shownConfig, type Valid } from '../config/index.ts';
import { createEngine, type Engine } from '../core/engine/engine.ts';
import { whoStallsWhom } from '../core/engine/who-stalls-whom.ts';
import type { Event } from '../core/model/event.ts';
import { createHttpServer } from '../http/index.ts';
import { type Kernel, type KernelOptions, openKernel } from '../kernel/kernel.ts';
import { readUsers } from '../kernel/users.ts';
import { createExposition } from '../telemetry/exposition.ts';
import { type SelfReading, seriesReading } from '../telemetry/self.ts';
import type { Namer } from '../workload/index.ts';
import { BUILD } from './build.ts';
import { Changes } from './changes.ts';
import { now, wallOffsetMs } from './clock.ts';
import { exemplarsOf } from './exemplars.ts';
import { giveBackStartMemory } from './give-back.ts';
import { logTaker } from './incident-log.ts';
import { IncidentStore } from './incident-store.ts';
import { changeDetection, detectionOptions, incidentsOf } from './incidents.ts';
import { httpLevel, openLog } from './log.ts';
import { createNamer, nameReadings } from './names.ts';
import { engineOptions, groupRules, sensesOf } from './options.ts';
import { type Outlets, openOutlets } from './outlets.ts';
import { Push } from './push.ts';
import { selfReading } from './reading.ts';
import { Reloader } from './reload.ts';
import { resourceOf } from './resource.ts';
import { readRunbook } from './runbook-pages.ts';
import type { Signals } from './signals.ts';
import { readiness, statusOf } from './status.ts';
import { createViews } from './views.ts';

/** By then whatever runs again and again has run. */
const SETTLED_MS = 3_000;

/** Runs until told to stop; resolves with the exit code. Rejects with one sentence when it can't start. */
export async function run({ config }: Valid, load: () => Loaded, signals: Signals): Promise<number> {
  const log = await openLog(config.log);
  let engine: Engine | undefined;
  let outlets: Outlets | undefined;
  const changes = new Changes((message) => log.warn(message));
  changes.add('log', logTaker(log));
  const emit = (event: Event) => {
    engine?.observe(event);
    outlets?.observe(event);
    namer.observe(event);
  };
  const namer = createNamer(config, emit);
  const kernel = await open(config, log, {
    emit,
    isShort: () => engine?.tree.takeShort() ?? false,
  });
  engine = createEngine({
    ...engineOptions(config, sensesOf(kernel.probes())),
    podLabels: config.workloads.labels,
    detection: detectionOptions(config, (change) => changes.hand(change)),
  });

  const store = await IncidentStore.open(config, log);
  changes.add('store', (change) => store.take(change));

  try {
    outlets = await openOutlets(config, kernel, engine, (message) => log.warn(message));
    changes.add('stream', outlets.take);
    await serve(config, { log, kernel, engine, changes, store, outlets, namer, load, signals });
  } finally {
    await namer.close();
    await kernel.stop();
    await outlets?.close();
    store.close();
  }
  return 0;
}

function open(config: Config, log: Logger, receiver: Pick<KernelOptions, 'emit' | 'isShort'>): Promise<Kernel> {
  return openKernel({
    mode: config.mode,
    roots: config.roots,
    ...config.kernel,
    ...receiver,
    blameIo: config.blame.io,
    now,
    warn: (message) => log.warn(message),
  });
}

interface Parts {
  readonly log: Logger;
  readonly kernel: Kernel;
  readonly engine: Engine;
  readonly changes: Changes;
  readonly store: IncidentStore;
  readonly outlets: Outlets;
  readonly namer: Namer;
  readonly load: () => Loaded;
  readonly signals: Signals;
}

async function serve(
  config: Config,
  { log, kernel, engine, changes, store, outlets, namer, load, signals }: Parts,
): Promise<void> {
  const { accounts } = engine;
  const sheets = {
    groups: accounts.groups,
    workloads: accounts.workloads,
    workloadInfo: accounts.workloadInfo,
    blame: engine.blame.sheet,
    host: accounts.host,
    incidents: engine.ledger.tallies.totals,
    activeIncidents: engine.ledger.tallies.active,
  };
  let inForce = config;
  let isSeeded = false;
  let settling: NodeJS.Timeout | undefined;

  const reloader = new Reloader({
    config,
    load,
    wallNow: Date.now,
    log,
    async apply(next) {
      await push.open(next, resourceOf(next));
      accounts.setRules(groupRules(next.groups));
      outlets.change(next);
      changeDetection(engine, next);
      log.level = next.log.level;
      httpLog.level = httpLevel(next.log.level);
      inForce = next;
    },
  });
  const gather = selfReading({ kernel, engine, build: BUILD, reloads: () => reloader.reloads() });
  const series = seriesReading(sheets);
  const self: SelfReading = () => [
    ...gather(),
    ...series(),
    ...push.readings(),
    ...outlets.readings(),
    ...nameReadings(namer),
    ...changes.readings(),
    ...store.readings(),
  ];
  const push = new Push({
    sheets,
    self,
    version: BUILD.version,
    now,
    wallOffsetMs,
    debts: store,
    log: (text) => log.warn(text),
  });
  changes.add('OTLP', (change) => push.take(change));
  const exposition = createExposition({
    sheets,
    self,
    resource: resourceOf(config),
    exemplarOf: exemplarsOf(engine),
    ageMinMs: config.scrape.minAgeMilliseconds,
    now,
  });
  const httpLog = log.child({}, { level: httpLevel(config.log.level) });
  const server = createHttpServer(
    {
      version: BUILD.version,
      exposition,
      readiness: { ready: () => readiness(kernel, isSeeded) },
      status: () => ({
        ...statusOf(kernel, engine, namer, store.faults()),
        config: shownConfig(inForce),
      }),
      stream: outlets.stream,
      blame: (query) => ({ ...whoStallsWhom(engine, query, now()), degraded: kernel.reasons() }),
      incidents: incidentsOf(engine, store),
      ...createViews({
        engine,
        now,
        wallOffsetMs,
        users: () => readUsers(config.roots.host),
        degraded: () => kernel.reasons(),
      }),
      runbook: readRunbook,
      reload: () => reloader.reload(),
    },
    httpLog,
  );

  try {
    push.resume(store.owed());
    store.resume(engine.ledger);
    // The kernel first: whoever gets the first page gets a whole one.
    await kernel.start();
    await namer.start();
    isSeeded = true;
    // Loading probes took most; what comes next must not come on top of it.
    await giveBackStartMemory();
    await push.open(config, resourceOf(config));
    signals.onReload(() => void reloader.reload());
    const address = await server.listen(listenAddress(config));
    log.info(`culprit ${BUILD.version} listens on ${address.host}:${address.port}, mode ${kernel.mode}`);
    if (kernel.reasons().length > 0) log.warn(`seeing less than there is: ${kernel.reasons().join('; ')}`);
    if (kernel.mode === 'bpf') await leavePrivilege(log);
    settling = setTimeout(giveBackStartMemory, SETTLED_MS);
    // Before the log is asked: it may be another level's by then.
    const why = await signals.stopped;
    log.info(`stopping: ${why}`);
  } finally {
    clearTimeout(settling);
    await Promise.all([server.close(), push.close()]);
  }
}

/** The configuration has checked that it is one. */
function listenAddress({ listen }: Config): ListenAddress {
  const address = parseListen(listen);
  if (address === undefined) throw new TypeError(`not an address: ${listen}`);
  return address;
}

/** Without probes there is nothing to give up that needed a library to give up. */
async function leavePrivilege(log: Logger): Promise<void> {
  const { dropPrivilege } = await import('../kernel/privilege.ts');
  try {
    log.info(dropPrivilege());
  } catch (error) {
    log.warn(`capabilities are kept: ${error instanceof Error ? error.message : error}`);
  }
}
