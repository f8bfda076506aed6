#include "CInflateShim.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <zlib.h>
#include <zstd.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif
#if defined(__x86_64__)
#include <immintrin.h>
#endif
// ISA-L (Intel's library for storage, x86-64 and arm64) inflates four times as fast as zlib. It is an
// extra: where its header is missing this is built without, and the library itself is looked for when
// the program runs, so that the binary also starts on machines that lack it.
#if defined(__has_include)
#if __has_include(<isa-l/igzip_lib.h>)
#include <isa-l/igzip_lib.h>
#define MESHAUDIT_ISAL 1
#endif
#endif

struct meshaudit_inflater {
  int format;
  z_stream stream;
  ZSTD_DStream *zstd;
#ifdef MESHAUDIT_ISAL
  struct inflate_state *isal;
#endif
};

#ifdef MESHAUDIT_ISAL
static struct {
  void (*init)(struct inflate_state *);
  void (*reset)(struct inflate_state *);
  int (*inflate)(struct inflate_state *);
  int is_there;
} isal;

static pthread_once_t isal_once = PTHREAD_ONCE_INIT;

static void isal_find(void) {
  // Never closed: the functions are used as long as the program runs.
  void *library = dlopen("libisal.so.2", RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) return;
  isal.init = (void (*)(struct inflate_state *))dlsym(library, "isal_inflate_init");
  isal.reset = (void (*)(struct inflate_state *))dlsym(library, "isal_inflate_reset");
  isal.inflate = (int (*)(struct inflate_state *))dlsym(library, "isal_inflate");
  isal.is_there = isal.init != NULL && isal.reset != NULL && isal.inflate != NULL;
}
#endif

int meshaudit_has_isal(void) {
#ifdef MESHAUDIT_ISAL
  pthread_once(&isal_once, isal_find);
  return isal.is_there;
#else
  return 0;
#endif
}

meshaudit_inflater *meshaudit_inflater_make(int format) {
  meshaudit_inflater *inflater = calloc(1, sizeof *inflater);
  if (inflater == NULL) return NULL;
  inflater->format = format;
  if (format == MESHAUDIT_FORMAT_ZSTD) {
    // Windows above 128 MiB (ZSTD_WINDOWLOG_LIMIT_DEFAULT) are refused by default.
    inflater->zstd = ZSTD_createDStream();
    if (inflater->zstd != NULL) return inflater;
    free(inflater);
    return NULL;
  }
#ifdef MESHAUDIT_ISAL
  if (meshaudit_has_isal()) {
    inflater->isal = calloc(1, sizeof *inflater->isal);
    if (inflater->isal != NULL) {
      isal.init(inflater->isal);
      // The header is read and the trailer's checksum verified.
      inflater->isal->crc_flag = ISAL_GZIP;
      return inflater;
    }
  }
#endif
  // 15 bits of window, 16: a gzip header and trailer are required and checked.
  if (inflateInit2(&inflater->stream, 15 + 16) != Z_OK) {
    free(inflater);
    return NULL;
  }
  return inflater;
}

static int run_zstd(
    meshaudit_inflater *inflater, const uint8_t *input, size_t *input_count, uint8_t *output,
    size_t *output_count) {
  ZSTD_inBuffer in = {input, *input_count, 0};
  ZSTD_outBuffer out = {output, *output_count, 0};
  size_t code = ZSTD_decompressStream(inflater->zstd, &out, &in);
  *input_count = in.pos;
  *output_count = out.pos;
  if (ZSTD_isError(code)) return MESHAUDIT_INFLATE_CORRUPT;
  return code == 0 ? MESHAUDIT_INFLATE_END : MESHAUDIT_INFLATE_MORE;
}

#ifdef MESHAUDIT_ISAL
static int run_isal(
    meshaudit_inflater *inflater, const uint8_t *input, size_t *input_count, uint8_t *output,
    size_t *output_count) {
  const size_t limit = 1u << 30;
  struct inflate_state *state = inflater->isal;
  size_t given = *input_count < limit ? *input_count : limit;
  size_t room = *output_count < limit ? *output_count : limit;
  state->next_in = (uint8_t *)input;
  state->avail_in = (uint32_t)given;
  state->next_out = output;
  state->avail_out = (uint32_t)room;
  int code = isal.inflate(state);
  *input_count = given - state->avail_in;
  *output_count = room - state->avail_out;
  if (code != ISAL_DECOMP_OK && code != ISAL_END_INPUT && code != ISAL_OUT_OVERFLOW) {
    return MESHAUDIT_INFLATE_CORRUPT;
  }
  return state->block_state == ISAL_BLOCK_FINISH ? MESHAUDIT_INFLATE_END : MESHAUDIT_INFLATE_MORE;
}
#endif

int meshaudit_inflater_run(
    meshaudit_inflater *inflater, const uint8_t *input, size_t *input_count, uint8_t *output,
    size_t *output_count) {
  if (inflater->format == MESHAUDIT_FORMAT_ZSTD) {
    return run_zstd(inflater, input, input_count, output, output_count);
  }
#ifdef MESHAUDIT_ISAL
  if (inflater->isal != NULL) {
    return run_isal(inflater, input, input_count, output, output_count);
  }
#endif
  const size_t limit = 1u << 30;
  z_stream *stream = &inflater->stream;
  size_t given = *input_count < limit ? *input_count : limit;
  size_t room = *output_count < limit ? *output_count : limit;
  stream->next_in = (Bytef *)input;
  stream->avail_in = (uInt)given;
  stream->next_out = output;
  stream->avail_out = (uInt)room;
  int code = inflate(stream, Z_NO_FLUSH);
  *input_count = given - stream->avail_in;
  *output_count = room - stream->avail_out;
  switch (code) {
  case Z_OK:
  case Z_BUF_ERROR:
    return MESHAUDIT_INFLATE_MORE;
  case Z_STREAM_END:
    return MESHAUDIT_INFLATE_END;
  case Z_MEM_ERROR:
    return MESHAUDIT_INFLATE_MEMORY;
  default:
    return MESHAUDIT_INFLATE_CORRUPT;
  }
}

int meshaudit_inflater_next(meshaudit_inflater *inflater) {
  if (inflater->format == MESHAUDIT_FORMAT_ZSTD) {
    size_t code = ZSTD_DCtx_reset(inflater->zstd, ZSTD_reset_session_only);
    return ZSTD_isError(code) ? MESHAUDIT_INFLATE_CORRUPT : MESHAUDIT_INFLATE_MORE;
  }
#ifdef MESHAUDIT_ISAL
  if (inflater->isal != NULL) {
    isal.reset(inflater->isal);
    inflater->isal->crc_flag = ISAL_GZIP;
    return MESHAUDIT_INFLATE_MORE;
  }
#endif
  return inflateReset(&inflater->stream) == Z_OK ? MESHAUDIT_INFLATE_MORE
                                                 : MESHAUDIT_INFLATE_CORRUPT;
}

void meshaudit_inflater_free(meshaudit_inflater *inflater) {
  if (inflater == NULL) return;
  if (inflater->format == MESHAUDIT_FORMAT_ZSTD) {
    ZSTD_freeDStream(inflater->zstd);
    free(inflater);
    return;
  }
#ifdef MESHAUDIT_ISAL
  if (inflater->isal != NULL) {
    free(inflater->isal);
    free(inflater);
    return;
  }
#endif
  inflateEnd(&inflater->stream);
  free(inflater);
}

size_t meshaudit_gzip_bound(size_t count) { return compressBound(count) + 32; }

size_t meshaudit_gzip(const uint8_t *input, size_t count, uint8_t *output, size_t room) {
  const size_t limit = 1u << 30;
  z_stream stream;
  memset(&stream, 0, sizeof stream);
  if (deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) return 0;
  stream.next_in = (Bytef *)input;
  stream.next_out = output;
  size_t taken = 0, given = 0;
  int code = Z_OK;
  while (code == Z_OK) {
    uInt in = (uInt)(count - taken < limit ? count - taken : limit);
    uInt out = (uInt)(room - given < limit ? room - given : limit);
    stream.avail_in = in;
    stream.avail_out = out;
    code = deflate(&stream, taken + in == count ? Z_FINISH : Z_NO_FLUSH);
    taken += in - stream.avail_in;
    given += out - stream.avail_out;
    if (out == stream.avail_out && in == stream.avail_in && code == Z_OK) break;
  }
  deflateEnd(&stream);
  return code == Z_STREAM_END ? given : 0;
}

void *meshaudit_reserve(size_t count) {
  void *address = mmap(NULL, count, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return address == MAP_FAILED ? NULL : address;
}

int meshaudit_open_reserved(void *address, size_t from, size_t to) {
  return mprotect((char *)address + from, to - from, PROT_READ | PROT_WRITE) == 0;
}

void meshaudit_release(void *address, size_t count) { munmap(address, count); }

void meshaudit_return_free(void) {
#if defined(__GLIBC__)
  malloc_trim(0);
#endif
}

int meshaudit_quote_bits(
    const uint8_t *bytes, size_t count, size_t readable, uint64_t *quotes) {
  uint64_t backslashes = 0;
  size_t offset = 0;
  while (offset + 64 <= readable && offset < count) {
    uint64_t keep = count - offset >= 64 ? ~(uint64_t)0 : ((uint64_t)1 << (count - offset)) - 1;
    *quotes++ = meshaudit_match64(bytes + offset, '"') & keep;
    backslashes |= meshaudit_match64(bytes + offset, '\\') & keep;
    offset += 64;
  }
  while (offset < count) {
    uint64_t mask = 0;
    size_t rest = count - offset < 64 ? count - offset : 64;
    for (size_t i = 0; i < rest; i++) {
      mask |= (uint64_t)(bytes[offset + i] == '"') << i;
      backslashes |= bytes[offset + i] == '\\';
    }
    *quotes++ = mask;
    offset += rest;
  }
  return backslashes != 0;
}

#if defined(__x86_64__)
__attribute__((target("avx512f,avx512bw"))) static size_t mark_avx512(
    const uint8_t *bytes, size_t words, uint64_t *newlines, uint64_t *spaces, uint64_t *quotes,
    uint64_t *backslashes) {
  const __m512i newline = _mm512_set1_epi8('\n'), space = _mm512_set1_epi8(' ');
  const __m512i quote = _mm512_set1_epi8('"'), backslash = _mm512_set1_epi8('\\');
  for (size_t i = 0; i < words; i++) {
    __m512i block = _mm512_loadu_si512(bytes + 64 * i);
    newlines[i] = _mm512_cmpeq_epi8_mask(block, newline);
    spaces[i] = _mm512_cmpeq_epi8_mask(block, space);
    quotes[i] = _mm512_cmpeq_epi8_mask(block, quote);
    backslashes[i] = _mm512_cmpeq_epi8_mask(block, backslash);
  }
  return words;
}

__attribute__((target("avx2"))) static inline uint64_t match_avx2(
    __m256i low, __m256i high, __m256i wanted) {
  return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, wanted)) |
         (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, wanted)) << 32;
}

__attribute__((target("avx2"))) static size_t mark_avx2(
    const uint8_t *bytes, size_t words, uint64_t *newlines, uint64_t *spaces, uint64_t *quotes,
    uint64_t *backslashes) {
  const __m256i newline = _mm256_set1_epi8('\n'), space = _mm256_set1_epi8(' ');
  const __m256i quote = _mm256_set1_epi8('"'), backslash = _mm256_set1_epi8('\\');
  for (size_t i = 0; i < words; i++) {
    __m256i low = _mm256_loadu_si256((const __m256i *)(bytes + 64 * i));
    __m256i high = _mm256_loadu_si256((const __m256i *)(bytes + 64 * i + 32));
    newlines[i] = match_avx2(low, high, newline);
    spaces[i] = match_avx2(low, high, space);
    quotes[i] = match_avx2(low, high, quote);
    backslashes[i] = match_avx2(low, high, backslash);
  }
  return words;
}
#endif

static size_t mark_base(
    const uint8_t *bytes, size_t words, uint64_t *newlines, uint64_t *spaces, uint64_t *quotes,
    uint64_t *backslashes) {
  for (size_t i = 0; i < words; i++) {
    newlines[i] = meshaudit_match64(bytes + 64 * i, '\n');
    spaces[i] = meshaudit_match64(bytes + 64 * i, ' ');
    quotes[i] = meshaudit_match64(bytes + 64 * i, '"');
    backslashes[i] = meshaudit_match64(bytes + 64 * i, '\\');
  }
  return words;
}

void meshaudit_mark(
    const uint8_t *bytes, size_t count, uint64_t *newlines, uint64_t *spaces, uint64_t *quotes,
    uint64_t *backslashes) {
  size_t words = count / 64, done = 0;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512bw")) {
    done = mark_avx512(bytes, words, newlines, spaces, quotes, backslashes);
  } else if (__builtin_cpu_supports("avx2")) {
    done = mark_avx2(bytes, words, newlines, spaces, quotes, backslashes);
  } else
#endif
  {
    done = mark_base(bytes, words, newlines, spaces, quotes, backslashes);
  }
  if (count % 64 != 0) {
    // Zeros are none of the four.
    uint8_t last[64] = {0};
    memcpy(last, bytes + 64 * done, count % 64);
    mark_base(last, 1, newlines + done, spaces + done, quotes + done, backslashes + done);
  }
}

#if defined(__x86_64__)
__attribute__((target("avx512f,avx512bw,avx512vbmi2,popcnt"))) static size_t list_avx512(
    const uint64_t *words, size_t count, uint32_t *places, uint32_t *starts) {
  uint8_t bytes[64];
  for (int i = 0; i < 64; i++) bytes[i] = (uint8_t)i;
  const __m512i numbers = _mm512_loadu_si512(bytes);
  size_t total = 0;
  for (size_t i = 0; i < count; i++) {
    if (starts != NULL) starts[i] = (uint32_t)total;
    const __m512i base = _mm512_set1_epi32((int)(64 * i));
    const size_t found = (size_t)__builtin_popcountll(words[i]);
    const __m512i packed = _mm512_maskz_compress_epi8(words[i], numbers);
    __m128i part = _mm512_castsi512_si128(packed);
    _mm512_storeu_si512(places + total, _mm512_add_epi32(_mm512_cvtepu8_epi32(part), base));
    if (found > 16) {
      part = _mm512_extracti32x4_epi32(packed, 1);
      _mm512_storeu_si512(places + total + 16, _mm512_add_epi32(_mm512_cvtepu8_epi32(part), base));
      part = _mm512_extracti32x4_epi32(packed, 2);
      _mm512_storeu_si512(places + total + 32, _mm512_add_epi32(_mm512_cvtepu8_epi32(part), base));
      part = _mm512_extracti32x4_epi32(packed, 3);
      _mm512_storeu_si512(places + total + 48, _mm512_add_epi32(_mm512_cvtepu8_epi32(part), base));
    }
    total += found;
  }
  return total;
}
#endif

size_t meshaudit_list(
    const uint64_t *words, size_t count, uint32_t *places, uint32_t *starts) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vbmi2")) {
    return list_avx512(words, count, places, starts);
  }
#endif
  size_t total = 0;
  for (size_t i = 0; i < count; i++) {
    if (starts != NULL) starts[i] = (uint32_t)total;
    uint64_t word = words[i];
    const size_t found = (size_t)__builtin_popcountll(word);
    // Eight at a time, whether or not there are as many: a branch that depends on the text would be
    // mispredicted.
    for (size_t done = 0; done < found; done += 8) {
      for (size_t k = 0; k < 8; k++) {
        const int place = word != 0 ? __builtin_ctzll(word) : 0;
        places[total + done + k] = (uint32_t)(64 * i) + (uint32_t)place;
        word &= word - 1;
      }
    }
    total += found;
  }
  return total;
}

static size_t line_ends(
    const uint64_t *lines, const uint64_t *separators, const uint32_t *starts, size_t count,
    uint32_t *places, uint32_t *ranks) {
  size_t total = 0;
  for (size_t i = 0; i < count; i++) {
    uint64_t word = lines[i];
    // The first one without a branch.
    do {
      const uint64_t before = (word & -word) - 1;
      const uint64_t isSet = word != 0;
      places[total] = (uint32_t)(64 * i) + (uint32_t)__builtin_popcountll(before);
      ranks[total] = starts[i] + (uint32_t)__builtin_popcountll(separators[i] & before);
      total += isSet;
      word &= word - isSet;
    } while (word != 0);
  }
  return total;
}

// Compiled once more for processors that count bits in one instruction.
static inline __attribute__((always_inline)) size_t count_bits(const uint64_t *words, size_t from, size_t to) {
  size_t index = from >> 6, last = (to - 1) >> 6, total = 0;
  uint64_t word = words[index] & ~(uint64_t)0 << (from & 63);
  while (index < last) {
    total += (size_t)__builtin_popcountll(word);
    word = words[++index];
  }
  return total + (size_t)__builtin_popcountll(word & ~(uint64_t)0 >> (63 - ((to - 1) & 63)));
}

#if defined(__x86_64__)
// 1 where AVX-512 with byte masks can be used, else 0; -1 before anybody asked. Several threads may find
// it out at once and find the same.
static _Atomic int has_byte_masks = -1;

static int can_mask_bytes(void) {
  int has = has_byte_masks;
  if (has < 0) {
    has = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
          __builtin_cpu_supports("avx512vl");
    has_byte_masks = has;
  }
  return has;
}

#define MASKED __attribute__((target("avx512f,avx512bw,bmi2")))

MASKED static inline __mmask64 first_bytes(size_t count) {
  return count >= 64 ? ~(__mmask64)0 : ((__mmask64)1 << count) - 1;
}

MASKED static meshaudit_path_marks mark_path_avx512(const uint8_t *path, size_t count) {
  const __m512i bytes = _mm512_maskz_loadu_epi8(first_bytes(count), path);
  const __m512i shifted = _mm512_sub_epi8(bytes, _mm512_set1_epi8('0'));
  meshaudit_path_marks marks;
  marks.slashes = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('/'));
  marks.digits = _mm512_cmplt_epu8_mask(shifted, _mm512_set1_epi8(10));
  marks.ends = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('?')) |
               _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('#'));
  marks.specials = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('@')) |
                   _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('%')) |
                   _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(';'));
  return marks;
}

// All 64 bytes are stored: what reads them again soon then finds them in one store.
MASKED static inline void copy64_avx512(uint8_t *to, const uint8_t *from, size_t count) {
  _mm512_storeu_si512(to, _mm512_maskz_loadu_epi8(first_bytes(count), from));
}

#define HASHED __attribute__((target("avx512f,avx512bw,avx512vl,bmi2,vaes,aes")))

// Two rounds of AES on each piece of at most 64 bytes, four of its blocks side by side.
HASHED static inline __m512i mix(__m512i state, __m512i piece, __m512i key) {
  return _mm512_aesenc_epi128(_mm512_aesenc_epi128(state, piece), key);
}

HASHED static size_t put_shape_aes(
    uint8_t *to, uint64_t low, uint32_t high, const meshaudit_run *runs, size_t count, uint64_t seed,
    uint64_t *hash) {
  uint8_t *start = to;
  memcpy(to, &low, 8);
  memcpy(to + 8, &high, 4);
  to += 12;
  const __m512i key = _mm512_set1_epi64((long long)seed);
  __m512i state = _mm512_xor_si512(
      key, _mm512_set_epi64(0x243F6A8885A308D3, 0x13198A2E03707344, (long long)0xA4093822299F31D0,
                            0x082EFA98EC4E6C89, 0x452821E638D01377, (long long)0xBE5466CF34E90C6C,
                            (long long)0xC0AC29B7C97C50DD, 0x3F84D5B5B5470917));
  state = mix(state, _mm512_zextsi128_si512(_mm_set_epi64x((long long)high, (long long)low)), key);
  for (size_t i = 0; i < count; i++) {
    const size_t length = runs[i].count;
    const uint8_t *from = runs[i].bytes;
    const uint16_t prefix = (uint16_t)length;
    memcpy(to, &prefix, 2);
    to += 2;
    const __m512i lengths = _mm512_xor_si512(key, _mm512_set1_epi64((long long)length));
    size_t done = 0;
    // Nearly always once.
    do {
      const __m512i piece = _mm512_maskz_loadu_epi8(first_bytes(length - done), from + done);
      // All 64 bytes are stored: what reads them again soon then finds them in one store.
      _mm512_storeu_si512(to + done, piece);
      state = mix(state, piece, lengths);
      done += 64;
    } while (done < length);
    to += length;
  }
  const __m128i end = _mm512_castsi512_si128(key);
  __m128i left = _mm_aesenc_si128(
      _mm512_extracti32x4_epi32(state, 0), _mm512_extracti32x4_epi32(state, 1));
  __m128i right = _mm_aesenc_si128(
      _mm512_extracti32x4_epi32(state, 2), _mm512_extracti32x4_epi32(state, 3));
  left = _mm_aesenc_si128(_mm_aesenc_si128(_mm_aesenc_si128(left, right), end), end);
  *hash = (uint64_t)_mm_cvtsi128_si64(left);
  return (size_t)(to - start);
}

// 1 where pieces can be hashed with AES, else 0; -1 before anybody asked.
static _Atomic int has_wide_aes = -1;

static int can_hash_pieces(void) {
  int has = has_wide_aes;
  if (has < 0) {
    has = can_mask_bytes() && __builtin_cpu_supports("vaes") && __builtin_cpu_supports("aes");
    has_wide_aes = has;
  }
  return has;
}

#define COUNTING __attribute__((target("popcnt,bmi2")))

// The words with a bit are listed first, without a branch that depends on them.
__attribute__((target("avx512f,avx512bw,avx512vl,popcnt,bmi,bmi2"))) static size_t line_ends_avx512(
    const uint64_t *lines, const uint64_t *separators, const uint32_t *starts, size_t count,
    uint32_t *places, uint32_t *ranks) {
  enum { BATCH = 512 };
  uint32_t found[BATCH + 8];
  size_t total = 0;
  const __m256i numbers = _mm256_set_epi32(7, 6, 5, 4, 3, 2, 1, 0);
  for (size_t from = 0; from < count; from += BATCH) {
    const size_t end = count - from < BATCH ? count : from + BATCH;
    size_t found_count = 0;
    for (size_t i = from; i < end; i += 8) {
      const __mmask8 lanes = end - i >= 8 ? 0xFF : (__mmask8)((1u << (end - i)) - 1);
      const __m512i words = _mm512_maskz_loadu_epi64(lanes, lines + i);
      const __mmask8 set = _mm512_test_epi64_mask(words, words);
      const __m256i indices = _mm256_add_epi32(numbers, _mm256_set1_epi32((int)i));
      _mm256_storeu_si256(
          (__m256i *)(found + found_count), _mm256_maskz_compress_epi32(set, indices));
      found_count += (size_t)__builtin_popcount(set);
    }
    for (size_t k = 0; k < found_count; k++) {
      const size_t i = found[k];
      uint64_t word = lines[i];
      do {
        const uint64_t before = (word & -word) - 1;
        places[total] = (uint32_t)(64 * i) + (uint32_t)__builtin_popcountll(before);
        ranks[total] = starts[i] + (uint32_t)__builtin_popcountll(separators[i] & before);
        total += 1;
        word &= word - 1;
      } while (word != 0);
    }
  }
  return total;
}

COUNTING static size_t count_bits_popcnt(const uint64_t *words, size_t from, size_t to) {
  return count_bits(words, from, to);
}
#endif

size_t meshaudit_line_ends(
    const uint64_t *lines, const uint64_t *separators, const uint32_t *starts, size_t count,
    uint32_t *places, uint32_t *ranks) {
#if defined(__x86_64__)
  if (can_mask_bytes()) {
    return line_ends_avx512(lines, separators, starts, count, places, ranks);
  }
#endif
  return line_ends(lines, separators, starts, count, places, ranks);
}

size_t meshaudit_count_bits(const uint64_t *words, size_t from, size_t to) {
  if (from >= to) return 0;
#if defined(__x86_64__)
  if (can_mask_bytes()) return count_bits_popcnt(words, from, to);
#endif
  return count_bits(words, from, to);
}

size_t meshaudit_put_shape(
    uint8_t *to, uint64_t low, uint32_t high, const meshaudit_run *runs, size_t count, uint64_t seed,
    uint64_t *hash) {
#if defined(__x86_64__)
  if (can_hash_pieces()) return put_shape_aes(to, low, high, runs, count, seed, hash);
#endif
  uint8_t *start = to;
  for (int i = 0; i < 8; i++) to[i] = (uint8_t)(low >> 8 * i);
  for (int i = 0; i < 4; i++) to[8 + i] = (uint8_t)(high >> 8 * i);
  to += 12;
  for (size_t i = 0; i < count; i++) {
    to[0] = (uint8_t)runs[i].count;
    to[1] = (uint8_t)(runs[i].count >> 8);
    memcpy(to + 2, runs[i].bytes, runs[i].count);
    to += 2 + runs[i].count;
  }
  *hash = 0;
  return (size_t)(to - start);
}

meshaudit_path_marks meshaudit_mark_path(const uint8_t *path, size_t count) {
#if defined(__x86_64__)
  if (can_mask_bytes()) return mark_path_avx512(path, count);
#endif
  meshaudit_path_marks marks = {0, 0, 0, 0};
  uint8_t bytes[64] = {0};
  memcpy(bytes, path, count < 64 ? count : 64);
  marks.slashes = meshaudit_match64(bytes, '/');
  for (int i = 0; i < 64; i++) marks.digits |= (uint64_t)((uint8_t)(bytes[i] - '0') < 10) << i;
  marks.ends = meshaudit_match64(bytes, '?') | meshaudit_match64(bytes, '#');
  marks.specials = meshaudit_match64(bytes, '@') | meshaudit_match64(bytes, '%') |
                   meshaudit_match64(bytes, ';');
  return marks;
}

void meshaudit_copy64(uint8_t *to, const uint8_t *from, size_t count) {
#if defined(__x86_64__)
  if (can_mask_bytes()) {
    copy64_avx512(to, from, count);
    return;
  }
#endif
  memcpy(to, from, count);
}

static inline int is_same_base(const uint8_t *left, const uint8_t *right, size_t length) {
  return memcmp(left, right, length) == 0;
}

// Compiled once more for processors that compare 64 bytes at once.
static inline __attribute__((always_inline)) int members(
    const uint8_t *line, size_t count, const uint32_t *quotes, size_t quote_count, uint32_t base,
    const meshaudit_keys *keys, meshaudit_member_place *place, meshaudit_value *values,
    int (*is_same)(const uint8_t *, const uint8_t *, size_t)) {
  size_t position = place->position, key = place->key, quote = place->quote;
  int outcome = MESHAUDIT_MEMBERS_MORE;
  while (key < keys->key_count) {
    const size_t length = keys->counts[key];
    if (length == 0 || position + length >= count ||
        !is_same(line + position, keys->literals + key * MESHAUDIT_KEY_STRIDE, length)) {
      break;
    }
    const size_t start = position + length;
    size_t end;
    quote += 2;
    if (line[start] == '"') {
      // A quote elsewhere means another structure.
      if (quote + 1 >= quote_count || quotes[quote] - base != start) {
        outcome = MESHAUDIT_MEMBERS_OTHER;
        break;
      }
      end = quotes[quote + 1] - base;
      values[key] = (meshaudit_value){line + start + 1, (uint32_t)(end - start - 1), 1};
      end += 1;
      quote += 2;
    } else {
      // The value ends before the next key, `,"`, or before the end of the line.
      end = (quote < quote_count ? quotes[quote] - base : count) - 1;
      if (end <= start) {
        outcome = MESHAUDIT_MEMBERS_OTHER;
        break;
      }
      values[key] = (meshaudit_value){line + start, (uint32_t)(end - start), 0};
    }
    key += 1;
    position = end + 1;
    if (end < count && line[end] == ',') continue;
    outcome = end + 1 == count && line[end] == '}' ? MESHAUDIT_MEMBERS_END : MESHAUDIT_MEMBERS_OTHER;
    break;
  }
  *place = (meshaudit_member_place){position, key, quote};
  return outcome;
}

#if defined(__x86_64__)
MASKED static inline int is_same_avx512(const uint8_t *left, const uint8_t *right, size_t length) {
  const __mmask64 bytes = first_bytes(length);
  return _mm512_mask_cmpneq_epi8_mask(
             bytes, _mm512_maskz_loadu_epi8(bytes, left), _mm512_maskz_loadu_epi8(bytes, right)) == 0;
}

MASKED static int members_avx512(
    const uint8_t *line, size_t count, const uint32_t *quotes, size_t quote_count, uint32_t base,
    const meshaudit_keys *keys, meshaudit_member_place *place, meshaudit_value *values) {
  return members(line, count, quotes, quote_count, base, keys, place, values, is_same_avx512);
}
#endif

int meshaudit_members(
    const uint8_t *line, size_t count, const uint32_t *quotes, size_t quote_count, uint32_t base,
    const meshaudit_keys *keys, meshaudit_member_place *place, meshaudit_value *values) {
#if defined(__x86_64__)
  if (can_mask_bytes()) {
    return members_avx512(line, count, quotes, quote_count, base, keys, place, values);
  }
#endif
  return members(line, count, quotes, quote_count, base, keys, place, values, is_same_base);
}
