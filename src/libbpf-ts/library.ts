import { bind, type Memory, type Pointer } from './foreign.ts';

/** The part of libbpf 1.0 and later that this module uses. Status codes are `-errno`; pointers are `null` with errno set. */
export interface Libbpf {
  libbpf_version_string(): string;
  libbpf_num_possible_cpus(): number;
  libbpf_set_print(print: Pointer | null): Pointer | null;

  bpf_object__open_file(path: string, options: null): Pointer | null;
  bpf_object__open_mem(bytes: Memory, sizeBytes: number, options: Memory): Pointer | null;
  bpf_object__load(object: Pointer): number;
  bpf_object__close(object: Pointer): void;
  bpf_object__btf(object: Pointer): Pointer | null;
  bpf_object__next_program(object: Pointer, previous: Pointer | null): Pointer | null;
  bpf_object__next_map(object: Pointer, previous: Pointer | null): Pointer | null;
  btf__raw_data(btf: Pointer, sizeBytes: Memory): Pointer | null;

  bpf_program__name(program: Pointer): string;
  bpf_program__section_name(program: Pointer): string;
  bpf_program__autoload(program: Pointer): boolean;
  bpf_program__set_autoload(program: Pointer, autoload: boolean): number;
  bpf_program__fd(program: Pointer): number;
  bpf_program__attach(program: Pointer): Pointer | null;

  bpf_link__fd(link: Pointer): number;
  bpf_link__destroy(link: Pointer): number;

  bpf_map__name(map: Pointer): string;
  bpf_map__type(map: Pointer): number;
  bpf_map__key_size(map: Pointer): number;
  bpf_map__value_size(map: Pointer): number;
  bpf_map__max_entries(map: Pointer): number;
  bpf_map__set_max_entries(map: Pointer, entries: number): number;
  bpf_map__fd(map: Pointer): number;
  bpf_map__initial_value(map: Pointer, sizeBytes: Memory): Pointer | null;

  bpf_map_lookup_elem(fd: number, key: Memory, value: Memory): number;
  bpf_map_update_elem(fd: number, key: Memory, value: Memory, flags: number): number;
  bpf_map_delete_elem(fd: number, key: Memory): number;
  bpf_map_lookup_and_delete_elem(fd: number, key: Memory, value: Memory): number;
  bpf_map_get_next_key(fd: number, key: Memory | null, next: Memory): number;
  bpf_map_lookup_batch(
    fd: number,
    inBatch: Memory | null,
    outBatch: Memory,
    keys: Memory,
    values: Memory,
    count: Memory,
    options: null,
  ): number;

  bpf_obj_get_info_by_fd(fd: number, info: Memory, sizeBytes: Memory): number;
  bpf_enable_stats(kind: number): number;
  bpf_iter_create(linkFd: number): number;
}

const SONAME = 'libbpf.so.1';

let loaded: Libbpf | undefined;

/**
 * libbpf, loaded at the first call and kept.
 *
 * Throws an error that names the package to install when the library is not there.
 * libbpf is not thread safe where it prints: use it from one thread.
 */
export function libbpf(): Libbpf {
  loaded ??= openLibbpf(SONAME);
  return loaded;
}

/** Loads libbpf under another name or path; `libbpf()` is what you usually want. */
export function openLibbpf(library: string): Libbpf {
  try {
    return bind<Libbpf>(library, PROTOTYPES);
  } catch (cause) {
    throw new Error(
      `cannot load ${library}; install libbpf 1.0 or later: apt-get install libbpf1 (Debian, Ubuntu), dnf install libbpf (Fedora)`,
      { cause },
    );
  }
}

const PROTOTYPES: Readonly<Record<keyof Libbpf, string>> = {
  libbpf_version_string: 'const char *libbpf_version_string()',
  libbpf_num_possible_cpus: 'int libbpf_num_possible_cpus()',
  libbpf_set_print: 'void *libbpf_set_print(void *print)',

  bpf_object__open_file: 'void *bpf_object__open_file(const char *path, const void *options)',
  bpf_object__open_mem: 'void *bpf_object__open_mem(const void *bytes, size_t size, const void *options)',
  bpf_object__load: 'int bpf_object__load(void *object)',
  bpf_object__close: 'void bpf_object__close(void *object)',
  bpf_object__btf: 'void *bpf_object__btf(const void *object)',
  bpf_object__next_program: 'void *bpf_object__next_program(const void *object, void *previous)',
  bpf_object__next_map: 'void *bpf_object__next_map(const void *object, const void *previous)',
  btf__raw_data: 'void *btf__raw_data(const void *btf, void *size)',

  bpf_program__name: 'const char *bpf_program__name(const void *program)',
  bpf_program__section_name: 'const char *bpf_program__section_name(const void *program)',
  bpf_program__autoload: 'bool bpf_program__autoload(const void *program)',
  bpf_program__set_autoload: 'int bpf_program__set_autoload(void *program, bool autoload)',
  bpf_program__fd: 'int bpf_program__fd(const void *program)',
  bpf_program__attach: 'void *bpf_program__attach(const void *program)',

  bpf_link__fd: 'int bpf_link__fd(const void *link)',
  bpf_link__destroy: 'int bpf_link__destroy(void *link)',

  bpf_map__name: 'const char *bpf_map__name(const void *map)',
  bpf_map__type: 'int bpf_map__type(const void *map)',
  bpf_map__key_size: 'uint32_t bpf_map__key_size(const void *map)',
  bpf_map__value_size: 'uint32_t bpf_map__value_size(const void *map)',
  bpf_map__max_entries: 'uint32_t bpf_map__max_entries(const void *map)',
  bpf_map__set_max_entries: 'int bpf_map__set_max_entries(void *map, uint32_t entries)',
  bpf_map__fd: 'int bpf_map__fd(const void *map)',
  bpf_map__initial_value: 'void *bpf_map__initial_value(void *map, void *size)',

  bpf_map_lookup_elem: 'int bpf_map_lookup_elem(int fd, const void *key, void *value)',
  bpf_map_update_elem: 'int bpf_map_update_elem(int fd, const void *key, const void *value, uint64_t flags)',
  bpf_map_delete_elem: 'int bpf_map_delete_elem(int fd, const void *key)',
  bpf_map_lookup_and_delete_elem: 'int bpf_map_lookup_and_delete_elem(int fd, const void *key, void *value)',
  bpf_map_get_next_key: 'int bpf_map_get_next_key(int fd, const void *key, void *next)',
  bpf_map_lookup_batch:
    'int bpf_map_lookup_batch(int fd, void *in_batch, void *out_batch, void *keys, void *values, void *count, const void *options)',

  bpf_obj_get_info_by_fd: 'int bpf_obj_get_info_by_fd(int fd, void *info, void *size)',
  bpf_enable_stats: 'int bpf_enable_stats(int kind)',
  bpf_iter_create: 'int bpf_iter_create(int link_fd)',
};
