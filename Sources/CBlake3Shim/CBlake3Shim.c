#include "CBlake3Shim.h"

#include <string.h>

// Flags of the compression function (BLAKE3 specification, table 3).
enum { CHUNK_START = 1, CHUNK_END = 2, PARENT = 4, ROOT = 8 };

static const uint32_t INITIAL[8] = {0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A,
                                    0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19};

#if defined(__x86_64__)
#define LANES 16
#define NAME avx512
#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl")))
#include "lanes.inc"
#define LANES 8
#define NAME avx2
#define TARGET __attribute__((target("avx2")))
#include "lanes.inc"
#endif
// SSE2 on x86-64, NEON on arm64.
#define LANES 4
#define NAME base
#define TARGET
#include "lanes.inc"

int meshaudit_blake3_lanes(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl")) {
    return 16;
  }
  if (__builtin_cpu_supports("avx2")) return 8;
#endif
  return 4;
}

static uint32_t rotate(uint32_t x, int n) { return x >> n | x << (32 - n); }

static void mix(uint32_t *v, int a, int b, int c, int d, uint32_t x, uint32_t y) {
  v[a] = v[a] + v[b] + x;
  v[d] = rotate(v[d] ^ v[a], 16);
  v[c] = v[c] + v[d];
  v[b] = rotate(v[b] ^ v[c], 12);
  v[a] = v[a] + v[b] + y;
  v[d] = rotate(v[d] ^ v[a], 8);
  v[c] = v[c] + v[d];
  v[b] = rotate(v[b] ^ v[c], 7);
}

// Mixes one block of count bytes into the chaining value.
static void compress(
    uint32_t *value, const uint8_t *block, uint32_t count, uint64_t counter, uint32_t flags) {
  static const uint8_t order[16] = {2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8};
  uint8_t bytes[64] = {0};
  memcpy(bytes, block, count);
  uint32_t m[16], v[16];
  for (int i = 0; i < 16; i++) {
    m[i] = (uint32_t)bytes[4 * i] | (uint32_t)bytes[4 * i + 1] << 8 |
           (uint32_t)bytes[4 * i + 2] << 16 | (uint32_t)bytes[4 * i + 3] << 24;
  }
  for (int i = 0; i < 8; i++) v[i] = value[i];
  for (int i = 0; i < 4; i++) v[8 + i] = INITIAL[i];
  v[12] = (uint32_t)counter;
  v[13] = (uint32_t)(counter >> 32);
  v[14] = count;
  v[15] = flags;
  for (int round = 0; round < 7; round++) {
    mix(v, 0, 4, 8, 12, m[0], m[1]);
    mix(v, 1, 5, 9, 13, m[2], m[3]);
    mix(v, 2, 6, 10, 14, m[4], m[5]);
    mix(v, 3, 7, 11, 15, m[6], m[7]);
    mix(v, 0, 5, 10, 15, m[8], m[9]);
    mix(v, 1, 6, 11, 12, m[10], m[11]);
    mix(v, 2, 7, 8, 13, m[12], m[13]);
    mix(v, 3, 4, 9, 14, m[14], m[15]);
    uint32_t next[16];
    for (int i = 0; i < 16; i++) next[i] = m[order[i]];
    memcpy(m, next, sizeof m);
  }
  for (int i = 0; i < 8; i++) value[i] = v[i] ^ v[8 + i];
}

static void put(const uint32_t *value, uint8_t *output) {
  for (int i = 0; i < 8; i++) {
    for (int k = 0; k < 4; k++) output[4 * i + k] = (uint8_t)(value[i] >> (8 * k));
  }
}

void meshaudit_blake3_chunk(
    const uint8_t *input, size_t count, uint64_t counter, int is_root, uint8_t *output) {
  uint32_t value[8];
  memcpy(value, INITIAL, sizeof value);
  size_t offset = 0;
  do {
    size_t rest = count - offset;
    uint32_t length = rest < 64 ? (uint32_t)rest : 64;
    uint32_t flags = offset == 0 ? CHUNK_START : 0;
    if (rest <= 64) flags |= CHUNK_END | (is_root ? ROOT : 0);
    compress(value, input + offset, length, counter, flags);
    offset += 64;
  } while (offset < count);
  put(value, output);
}

void meshaudit_blake3_parent(const uint8_t *children, int is_root, uint8_t *output) {
  uint32_t value[8];
  memcpy(value, INITIAL, sizeof value);
  compress(value, children, 64, 0, PARENT | (is_root ? ROOT : 0));
  put(value, output);
}

// Hashes inputs of 64 * blocks bytes each; `step` is 1 for chunks and 0 for parents.
static void many(
    const uint8_t *input, size_t count, size_t blocks, uint64_t counter, uint32_t step,
    uint32_t flags, uint32_t first, uint32_t last, uint8_t *output) {
  const size_t stride = blocks * 64;
  size_t done = 0;
#if defined(__x86_64__)
  const int lanes = meshaudit_blake3_lanes();
  for (; lanes >= 16 && count - done >= 16; done += 16) {
    hash_avx512(
        input + done * stride, stride, blocks, counter + done * step, step, flags, first, last,
        output + done * 32);
  }
  for (; lanes >= 8 && count - done >= 8; done += 8) {
    hash_avx2(
        input + done * stride, stride, blocks, counter + done * step, step, flags, first, last,
        output + done * 32);
  }
#endif
  for (; count - done >= 4; done += 4) {
    hash_base(
        input + done * stride, stride, blocks, counter + done * step, step, flags, first, last,
        output + done * 32);
  }
  for (; done < count; done++) {
    if (step == 0) {
      meshaudit_blake3_parent(input + done * stride, 0, output + done * 32);
    } else {
      meshaudit_blake3_chunk(input + done * stride, stride, counter + done, 0, output + done * 32);
    }
  }
}

void meshaudit_blake3_chunks(
    const uint8_t *input, size_t count, uint64_t counter, uint8_t *output) {
  many(input, count, 16, counter, 1, 0, CHUNK_START, CHUNK_END, output);
}

void meshaudit_blake3_parents(const uint8_t *children, size_t count, uint8_t *output) {
  many(children, count, 1, 0, 0, PARENT, 0, 0, output);
}
