/** A configuration with a fault of nearly every kind, in each of its three sources, and what is to be said of it. */

/** It names /tls.pem, which is to be there. */
export const YAML = `\
listen: 127.0.0.1
mode: kernel
log:
  levle: debug
  level: loud
  format: 5
endpoint: http://collector:4317
roots:
  proc: proc
  sys:
kernel:
  ringBytes: 5000
  drainHz: 0
  snapshotSeconds: soon
  pressureSeconds: 0.1
  objectPath: /nowhere/culprit.bpf.o
groups:
  - name: ~mine
    comm: java
  - name: java
    exe: 'java('
  - name: nothing
  - comm: nginx
    cmdline: master
limits:
  groups: 1.5
  series: 20_000
  groups: 500
scrape: [250]
otlp:
  endpoint: ftp://collector
  protocol: thrift
  headers: {authorization: 7}
  certFile: /tls.pem
  insecure: maybe
  caFile: /nowhere/ca.pem
resourceAttributes: [a]
unknown: {}
`;

export const ENV = {
  CULPRIT_LISTEN: ':99999',
  CULPRIT_LOGLEVEL: 'debug',
  CULPRIT_KERNEL_CGROUP_SECONDS: 'often',
  CULPRIT_GROUPS: 'web',
  OTEL_EXPORTER_OTLP_TIMEOUT: '0',
};

export const FLAGS = ['--lsten', ':1', '--mode=fast', '--log-format', '--log-level=info', '--log-level=warn', 'extra'];

/** In order, `place | key | problem`; a place in the file is `line:column`. */
export const FAULTS = [
  '1:9 | listen | expected host:port, [address]:port or :port with a port from 0 to 65535; got "127.0.0.1"',
  '2:7 | mode | expected one of auto, bpf, procfs; got "kernel"',
  '4:3 | log.levle | unknown key; did you mean level?',
  '5:10 | log.level | expected one of trace, debug, info, warn, error, fatal, silent; got "loud"',
  '6:11 | log.format | expected one of auto, json, pretty; got 5',
  '7:1 | endpoint | unknown key; did you mean otlp.endpoint?',
  '9:9 | roots.proc | expected an absolute path; got "proc"',
  '10:7 | roots.sys | expected an absolute path; got nothing',
  '12:14 | kernel.ringBytes | expected one of 65536, 131072, 262144, … 268435456; got 5000',
  '13:12 | kernel.drainHz | expected a number from 1 to 1000; got 0',
  '14:20 | kernel.snapshotSeconds | expected a number from 0.5 to 300; got "soon"',
  '15:20 | kernel.pressureSeconds | expected a number from 0.5 to 300; got 0.1',
  '16:15 | kernel.objectPath | cannot read /nowhere/culprit.bpf.o: ENOENT',
  '18:11 | groups.0.name | expected a name that begins with neither "~" nor a space; got "~mine"',
  '21:10 | groups.1.exe | expected a regular expression; got "java(" (Unterminated group)',
  '22:5 | groups.2 | expected at least one of comm, exe, argv, cgroup, parent: the rule matches nothing',
  '23:5 | groups.3 | expected the key name, which has no default',
  '24:5 | groups.3.cmdline | unknown key; expected one of name, comm, exe, argv, cgroup, parent',
  '27:11 | limits.series | expected a whole number from 100 to 1000000; got "20_000"',
  '28:3 | limits.groups | this key is given twice',
  '29:9 | scrape | expected a mapping of keys; got a list of 1',
  '31:13 | otlp.endpoint | expected http://host:port or https://host:port, without user, password, query or fragment; got "ftp://collector"',
  '32:13 | otlp.protocol | expected one of grpc, http/protobuf; got "thrift"',
  '33:28 | otlp.headers.authorization | expected a text of printable ASCII in one line; got a number',
  '34:13 | otlp.certFile | needs otlp.keyFile as well',
  '35:13 | otlp.insecure | expected true or false; got "maybe"',
  '36:11 | otlp.caFile | cannot read /nowhere/ca.pem: ENOENT',
  '37:21 | resourceAttributes | expected names with values (name=value,… outside the file); got a list of 1',
  '38:1 | unknown | unknown key; expected one of listen, mode, log, roots, kernel, groups, limits, blame, detectors, workloads, scrape, store, stream, record, recordMebibytes, otlp, resourceAttributes',
  'OTEL_EXPORTER_OTLP_TIMEOUT | otlp.timeoutSeconds | expected a number from 0.1 to 300; got 0',
  'CULPRIT_GROUPS | groups can only be given in the file',
  'CULPRIT_LOGLEVEL | unknown variable; did you mean CULPRIT_LOG_LEVEL?',
  'CULPRIT_LISTEN | listen | expected host:port, [address]:port or :port with a port from 0 to 65535; got ":99999"',
  'CULPRIT_KERNEL_CGROUP_SECONDS | kernel.cgroupSeconds | expected a number from 1 to 300; got "often"',
  '--lsten | unknown flag; did you mean --listen?',
  '--log-format | expected a value; got nothing',
  '--log-level | this flag is given twice',
  'extra | expected a flag; got an argument',
  '--mode | mode | expected one of auto, bpf, procfs; got "fast"',
];
