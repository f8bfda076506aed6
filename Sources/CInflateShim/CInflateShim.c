#include "CInflateShim.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>
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
