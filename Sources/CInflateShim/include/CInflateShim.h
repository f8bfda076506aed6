#ifndef MESHAUDIT_CINFLATESHIM_H
#define MESHAUDIT_CINFLATESHIM_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

// Inflating gzip streams (ISA-L where it is installed, else zlib) and zstd streams (libzstd), and making
// gzip, behind a narrow interface: Swift never sees the libraries' macros.

typedef struct meshaudit_inflater meshaudit_inflater;

enum {
  MESHAUDIT_INFLATE_MORE = 0,     // give more input, or more room for output
  MESHAUDIT_INFLATE_END = 1,      // a member ended; call meshaudit_inflater_next before going on
  MESHAUDIT_INFLATE_CORRUPT = -1, // the stream is not gzip or its checksum is wrong
  MESHAUDIT_INFLATE_MEMORY = -2,
};

enum {
  MESHAUDIT_FORMAT_GZIP = 0,
  MESHAUDIT_FORMAT_ZSTD = 1,
};

// NULL when there is no memory.
meshaudit_inflater *meshaudit_inflater_make(int format);

// Inflates from input to output; both counts are in: available, out: used.
int meshaudit_inflater_run(
    meshaudit_inflater *inflater, const uint8_t *input, size_t *input_count, uint8_t *output,
    size_t *output_count);

// Makes ready for the next member of a multi-member stream (RFC 1952 section 2.2).
int meshaudit_inflater_next(meshaudit_inflater *inflater);

void meshaudit_inflater_free(meshaudit_inflater *inflater);

// Whether gzip is inflated by ISA-L.
int meshaudit_has_isal(void);

// The most bytes that count bytes take as gzip.
size_t meshaudit_gzip_bound(size_t count);

// Packs input as one gzip member without a name or a time; the bytes used, 0 when it does not fit.
size_t meshaudit_gzip(const uint8_t *input, size_t count, uint8_t *output, size_t room);

// Scanning bytes. Bit i of the result is set when bytes[i] == wanted; reads exactly 64 bytes.
static inline uint64_t meshaudit_match64(const uint8_t *bytes, uint8_t wanted) {
#if defined(__SSE2__)
  const __m128i pattern = _mm_set1_epi8((char)wanted);
  const __m128i *blocks = (const __m128i *)bytes;
  uint64_t a = (uint16_t)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128(blocks), pattern));
  uint64_t b = (uint16_t)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128(blocks + 1), pattern));
  uint64_t c = (uint16_t)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128(blocks + 2), pattern));
  uint64_t d = (uint16_t)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128(blocks + 3), pattern));
  return a | b << 16 | c << 32 | d << 48;
#elif defined(__aarch64__)
  static const uint8_t weights[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  const uint8x16_t weight = vld1q_u8(weights);
  const uint8x16_t pattern = vdupq_n_u8(wanted);
  uint8x16_t a = vandq_u8(vceqq_u8(vld1q_u8(bytes), pattern), weight);
  uint8x16_t b = vandq_u8(vceqq_u8(vld1q_u8(bytes + 16), pattern), weight);
  uint8x16_t c = vandq_u8(vceqq_u8(vld1q_u8(bytes + 32), pattern), weight);
  uint8x16_t d = vandq_u8(vceqq_u8(vld1q_u8(bytes + 48), pattern), weight);
  uint8x16_t sum = vpaddq_u8(vpaddq_u8(a, b), vpaddq_u8(c, d));
  sum = vpaddq_u8(sum, sum);
  return vgetq_lane_u64(vreinterpretq_u64_u8(sum), 0);
#else
  uint64_t mask = 0;
  for (int i = 0; i < 64; i++) mask |= (uint64_t)(bytes[i] == wanted) << i;
  return mask;
#endif
}

// Address space of count bytes that cannot be touched yet, and counts for no limit on data; NULL when there
// is none.
void *meshaudit_reserve(size_t count);
// Opens the bytes from..<to of it (whole pages), which read as zeros and become memory as they are written; 0 when
// a limit forbids it.
int meshaudit_open_reserved(void *address, size_t from, size_t to);
void meshaudit_release(void *address, size_t count);

// Gives memory that is free back to the system, where the C library can.
void meshaudit_return_free(void);

// Asks for a cache line that will be needed soon.
static inline void meshaudit_prefetch(const void *address) { __builtin_prefetch(address); }

// Marks newlines, spaces, double quotes and backslashes of count bytes, one bit a byte, in one pass; each
// row has (count + 63) / 64 words, and bits past the end are 0.
void meshaudit_mark(
    const uint8_t *bytes, size_t count, uint64_t *newlines, uint64_t *spaces, uint64_t *quotes,
    uint64_t *backslashes);

// Lists the places of the bits that are set in words, in order; returns how many there are. Before word i
// come starts[i] of them (starts may be NULL). May write up to 64 places past the last one.
size_t meshaudit_list(
    const uint64_t *words, size_t count, uint32_t *places, uint32_t *starts);

// Where in a path of at most 64 bytes its slashes, digits, and bytes that end or change it are.
typedef struct {
  uint64_t slashes;
  uint64_t digits;
  uint64_t ends;     // ? and #
  uint64_t specials; // @ % ;
} meshaudit_path_marks;

meshaudit_path_marks meshaudit_mark_path(const uint8_t *path, size_t count);

// Lists the places of the bits that are set in lines, and how many of the bits in separators come before
// each, of which separators has starts[i] before word i; returns how many places there are. Meant for few
// bits: at most one in most words.
size_t meshaudit_line_ends(
    const uint64_t *lines, const uint64_t *separators, const uint32_t *starts, size_t count,
    uint32_t *places, uint32_t *ranks);

// How many bits from `from` to `to` are set in words.
size_t meshaudit_count_bits(const uint64_t *words, size_t from, size_t to);

// Copies at most 64 bytes without a branch that depends on how many there are; may write all 64.
void meshaudit_copy64(uint8_t *to, const uint8_t *from, size_t count);

// Bytes of somebody else.
typedef struct {
  const uint8_t *bytes;
  size_t count;
} meshaudit_run;

// Writes a head of 12 bytes, low first, then each run, its length before it in two bytes, little end first;
// returns how many bytes that were. May write up to 64 bytes past them. hash becomes a hash of all of it
// under the seed, made while the runs are copied; 0 where the processor has no instructions for it.
size_t meshaudit_put_shape(
    uint8_t *to, uint64_t low, uint32_t high, const meshaudit_run *runs, size_t count, uint64_t seed,
    uint64_t *hash);

// Whether count bytes are equal.
static inline int meshaudit_equal(const uint8_t *left, const uint8_t *right, size_t count) {
  typedef uint64_t words __attribute__((vector_size(16)));
  if (count < 16) return memcmp(left, right, count) == 0;
  words difference = {0, 0}, a, b;
  for (size_t i = 0; i + 16 < count; i += 16) {
    memcpy(&a, left + i, 16);
    memcpy(&b, right + i, 16);
    difference |= a ^ b;
  }
  // The last 16 may overlap with those before.
  memcpy(&a, left + count - 16, 16);
  memcpy(&b, right + count - 16, 16);
  difference |= a ^ b;
  return (difference[0] | difference[1]) == 0;
}

// The value of a member of a JSON object: a text without its quotes, or what stands there instead.
typedef struct {
  const uint8_t *bytes;
  uint32_t count;
  uint32_t is_text;
} meshaudit_value;

// Keys as they stood in lines before: `"key":` of each, in MESHAUDIT_KEY_STRIDE bytes, and how many bytes it
// has, none where no key is known.
enum { MESHAUDIT_KEY_STRIDE = 48 };
typedef struct {
  const uint8_t *literals;
  const uint8_t *counts;
  size_t key_count;
} meshaudit_keys;

enum {
  MESHAUDIT_MEMBERS_MORE = 0,  // the next member has another key than before
  MESHAUDIT_MEMBERS_END = 1,   // the object ended, and the line
  MESHAUDIT_MEMBERS_OTHER = 2, // the object is not flat, or none
};

// Where a reader stands in a line: the byte of the next member's key, the number of its key, the number of
// its quote among those of the line.
typedef struct {
  size_t position;
  size_t key;
  size_t quote;
} meshaudit_member_place;

// Reads the members of a flat JSON object whose keys stand where they stood before, from place on, of a line
// without backslashes, and puts the value of each at the number of its key. quotes are the places of the
// line's double quotes, counted from base.
int meshaudit_members(
    const uint8_t *line, size_t count, const uint32_t *quotes, size_t quote_count, uint32_t base,
    const meshaudit_keys *keys, meshaudit_member_place *place, meshaudit_value *values);

// Marks every double quote of count bytes in quotes, one bit a byte, (count + 63) / 64 words. Returns
// 1 when a backslash is among them. May not read past bytes + readable.
int meshaudit_quote_bits(
    const uint8_t *bytes, size_t count, size_t readable, uint64_t *quotes);

#endif
