/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory of malloc: `leak` never frees, `batch` builds 80 MiB in half a minute
 * and frees all of it, again and again.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BLOCKS_MAX 100000
#define TICK_US 100000
#define BATCH_BYTES (80 << 20)

int main(int argc, char **argv)
{
	int is_batch = argc > 1 && strcmp(argv[1], "batch") == 0;
	static char *blocks[BLOCKS_MAX];
	size_t held = 0;
	int count = 0;

	srand(7);
	for (;;) {
		size_t size = (is_batch ? 150 << 10 : 32 << 10) + rand() % (200 << 10);

		if (count < BLOCKS_MAX && (blocks[count] = malloc(size))) {
			memset(blocks[count++], 1, size);
			held += size;
		}
		if (is_batch && held > BATCH_BYTES) {
			while (count > 0)
				free(blocks[--count]);
			held = 0;
			usleep(50 * TICK_US);
		}
		usleep(TICK_US);
	}
}
