import type { Config } from '../config/index.ts';
import { identifyHost } from '../kernel/host.ts';
import { resourceAttributes } from '../telemetry/resource.ts';
import { BUILD } from './build.ts';

/** Who tells all this: what OpenTelemetry calls the resource. */
export function resourceOf({ roots, listen, resourceAttributes: attributes }: Config): Record<string, string> {
  const host = identifyHost(roots.proc, roots.host);
  return resourceAttributes({
    version: BUILD.version,
    host: {
      hostName: host.hostname,
      hostId: host.machineId,
      arch: host.arch,
      kernelRelease: host.kernelRelease,
      osDescription: host.os.prettyName,
    },
    attributes,
    instance: listen,
  });
}
