import { createHash } from 'node:crypto';

/** What the machine says of itself; an empty string is unknown. */
export interface HostFacts {
  readonly hostName: string;
  /** The content of machine-id. */
  readonly hostId: string;
  /** As Node names it: `x64`, `arm64`. */
  readonly arch: string;
  readonly kernelRelease: string;
  /** `PRETTY_NAME` of os-release. */
  readonly osDescription: string;
}

export interface ResourceOptions {
  readonly version: string;
  readonly host: HostFacts;
  /** What the configuration adds, `OTEL_RESOURCE_ATTRIBUTES` and `OTEL_SERVICE_NAME` among it; it wins. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Tells two Culprits on one host apart, such as the address that each listens on. */
  readonly instance?: string;
}

/** The semantic conventions' names of architectures, where Node's are others. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', ia32: 'x86', arm: 'arm32' };

/**
 * Attributes of the resource, in every push and in `target_info`; none for what is not known.
 *
 * The process itself is not among them: its pid and arguments are nobody's key.
 */
export function resourceAttributes({
  version,
  host,
  attributes,
  instance = '',
}: ResourceOptions): Record<string, string> {
  const all = {
    'service.name': 'culprit',
    'service.version': version,
    'service.instance.id': instanceId(`${host.hostId || host.hostName}${instance}`),
    'host.name': host.hostName,
    'host.id': host.hostId,
    'host.arch': ARCHITECTURES[host.arch] ?? host.arch,
    'os.type': 'linux',
    'os.description': host.osDescription,
    'os.version': host.kernelRelease,
    ...attributes,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
}

/** OpenTelemetry's namespace for instance ids that are made of something stable. */
const NAMESPACE = Buffer.from('4d63009a8d0f11eeaad74c796ed8e320', 'hex');

/** A UUID, version 5: the same after a restart, so that the series of this host go on. */
function instanceId(name: string): string {
  const hash = createHash('sha1').update(NAMESPACE).update(name).digest().subarray(0, 16);
  hash[6] = (hash[6]! & 0x0f) | 0x50;
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  return hash.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
