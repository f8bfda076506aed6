#ifndef MESHAUDIT_CBLAKE3SHIM_H
#define MESHAUDIT_CBLAKE3SHIM_H

#include <stddef.h>
#include <stdint.h>

// The nodes of BLAKE3's hash tree (BLAKE3 specification, https://github.com/BLAKE3-team/BLAKE3-specs),
// as many at once as the processor's vectors hold. The tree itself is put together in Swift.

enum {
  MESHAUDIT_BLAKE3_CHUNK = 1024, // bytes in a full chunk
  MESHAUDIT_BLAKE3_VALUE = 32,   // bytes in a chaining value, and in the digest
};

// Hashes count full chunks that lie one after the other, the first of which is number counter of the
// whole input; writes count chaining values.
void meshaudit_blake3_chunks(
    const uint8_t *input, size_t count, uint64_t counter, uint8_t *output);

// Hashes count parents, each over two chaining values that lie one after the other; writes count chaining
// values. Input and output may be the same.
void meshaudit_blake3_parents(const uint8_t *children, size_t count, uint8_t *output);

// Hashes one chunk of at most 1,024 bytes; as the root when it is all there is.
void meshaudit_blake3_chunk(
    const uint8_t *input, size_t count, uint64_t counter, int is_root, uint8_t *output);

// Hashes one parent; as the root when it is the top of the tree.
void meshaudit_blake3_parent(const uint8_t *children, int is_root, uint8_t *output);

// How many chunks are hashed at once on this processor: 16, 8 or 4.
int meshaudit_blake3_lanes(void);

#endif
