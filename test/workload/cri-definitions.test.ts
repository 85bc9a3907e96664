import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PackageDefinition } from '@grpc/proto-loader';
import { pathOf, requirement } from '../support/require.ts';
import { definitions } from './cri.ts';
import { definitionsIn } from './cri-built-in.ts';

/** Fields that the API got later: there may be a containerd that has not heard of them. */
const NEWER = ['ImageSpec.user_specified_image'];

const missing = requirement('containerd');
const official = missing === false ? definitionsIn(pathOf('containerd')!) : undefined;
const skip = missing !== false ? missing : official === undefined && 'this containerd has its definitions uncompressed';
if (skip !== false && process.env.CULPRIT_REQUIRE_CONTAINERD === '1') throw new Error(skip);

describe('our definitions of CRI', { skip }, () => {
  it('have fields with the numbers and the types that containerd was built with', () => {
    assert.deepEqual(strangers(fieldsOf(definitions), fieldsOf(official!)), []);
  });

  it('have values with the numbers that containerd was built with', () => {
    assert.deepEqual(strangers(valuesOf(definitions), valuesOf(official!)), []);
  });

  it('have methods with the paths, requests and answers that containerd was built with', () => {
    assert.deepEqual(strangers(methodsOf(definitions), methodsOf(official!)), []);
  });
});

/** What the one tells otherwise than the other, or alone. */
function strangers(ours: ReadonlyMap<string, string>, theirs: ReadonlyMap<string, string>): string[] {
  return [...ours]
    .filter(([name, told]) => theirs.get(name) !== told && !(NEWER.includes(name) && !theirs.has(name)))
    .map(([name, told]) => `${name}: ${told}, and there ${theirs.get(name)}`);
}

interface Described {
  readonly name: string;
  readonly field?: readonly { name: string; number: number; label: string; type: string; typeName: string }[];
  readonly value?: readonly { name: string; number: number }[];
}

function described(definition: PackageDefinition): Described[] {
  return Object.values(definition).flatMap((each) => ('type' in each ? [each.type as Described] : []));
}

function fieldsOf(definition: PackageDefinition): Map<string, string> {
  const fields = described(definition).flatMap(({ name, field = [] }) =>
    field.map((each) => {
      // A map is a list of entries to a compiler, and to protobufjs what it was called.
      const type = `${each.label} ${each.type} ${each.typeName.replace(/Entry$/, '')}`;
      return [`${name}.${each.name}`, `${type} = ${each.number}`] as const;
    }),
  );
  return new Map(fields);
}

function valuesOf(definition: PackageDefinition): Map<string, string> {
  const values = described(definition).flatMap(({ name, value = [] }) =>
    value.map((each) => [`${name}.${each.name}`, String(each.number)] as const),
  );
  return new Map(values);
}

function methodsOf(definition: PackageDefinition): Map<string, string> {
  const methods = Object.values(definition['runtime.v1.RuntimeService'] ?? {}).map((method) => {
    const [asks, answers] = [method.requestType.type.name, method.responseType.type.name];
    return [method.path, `${method.requestStream} ${asks}, ${method.responseStream} ${answers}`] as const;
  });
  return new Map(methods);
}
