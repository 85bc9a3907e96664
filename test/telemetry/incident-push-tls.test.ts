import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Certificates, certificates } from '../support/certificates.ts';
import { grpcCollector, httpCollector } from '../support/collector.ts';
import { requirement } from '../support/require.ts';
import { until } from '../support/until.ts';
import { idsOf, idsOfFirst, pass, pushing, use } from './incident-pushing.ts';
import { listening } from './otlp-source.ts';

const skip = requirement('openssl');
const [ours, others]: readonly Certificates[] = skip === false ? [certificates(), certificates()] : [];

for (const [protocol, start] of [
  ['grpc', (tls: Certificates) => grpcCollector({ tls })],
  ['http/protobuf', (tls: Certificates) => httpCollector(0, { tls })],
] as const) {
  describe(`a collector that wants to know who pushes by ${protocol}`, { skip }, () => {
    it('and whom we know has spans and events', async () => {
      const collector = await listening(start(ours!));
      const { push, counts } = await pushing({ endpoint: collector.endpoint, protocol, ...ours!.files });

      pass(push, 3);
      await until(() => counts()['traces sent'] === 3 && counts()['logs sent'] === 6);

      assert.deepEqual(idsOf(collector), idsOfFirst(3));
    });

    for (const [what, files] of [
      ['whose authority we do not know', () => ({ ...ours!.files, caFile: others!.files.caFile })],
      ['and does not know us', () => ({ ...others!.files, caFile: ours!.files.caFile })],
      ['and is shown nothing', () => ({ caFile: ours!.files.caFile })],
    ] as const) {
      it(`${what} is sent nothing; all waits until the certificates are right`, async () => {
        const collector = await listening(start(ours!));
        const { push, lines, counts } = await pushing({ endpoint: collector.endpoint, protocol, ...files() });
        pass(push, 3);
        await until(() => (counts()['traces retries'] ?? 0) > 0 && (counts()['logs retries'] ?? 0) > 0);
        const [before, waiting] = [idsOf(collector), counts()];

        await use(push, { endpoint: collector.endpoint, protocol, ...ours!.files });
        await until(() => counts()['traces sent'] === 3 && counts()['logs sent'] === 6);

        assert.deepEqual([before, waiting['traces depth'], waiting['logs depth']], [[[], []], 3, 6]);
        assert.equal(lines.filter((line) => line.includes('fail (later)')).length, 2);
        assert.deepEqual(idsOf(collector), idsOfFirst(3));
      });
    }
  });
}

describe('a certificate that is not there', () => {
  for (const protocol of ['grpc', 'http/protobuf'] as const) {
    it(`is a fault of the configuration, by ${protocol}`, async () => {
      await assert.rejects(
        pushing({ endpoint: 'https://127.0.0.1:1', protocol, caFile: '/nowhere/ca.pem' }),
        /ENOENT.*\/nowhere\/ca\.pem/,
      );
    });
  }
});
