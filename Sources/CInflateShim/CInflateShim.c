#include "CInflateShim.h"

#include <stdlib.h>
#include <zlib.h>

struct meshaudit_inflater {
  z_stream stream;
};

meshaudit_inflater *meshaudit_inflater_make(void) {
  meshaudit_inflater *inflater = calloc(1, sizeof *inflater);
  if (inflater == NULL) return NULL;
  // 15 bits of window, 16: a gzip header and trailer are required and checked.
  if (inflateInit2(&inflater->stream, 15 + 16) != Z_OK) {
    free(inflater);
    return NULL;
  }
  return inflater;
}

int meshaudit_inflater_run(
    meshaudit_inflater *inflater, const uint8_t *input, size_t *input_count, uint8_t *output,
    size_t *output_count) {
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
  return inflateReset(&inflater->stream) == Z_OK ? MESHAUDIT_INFLATE_MORE
                                                 : MESHAUDIT_INFLATE_CORRUPT;
}

void meshaudit_inflater_free(meshaudit_inflater *inflater) {
  if (inflater == NULL) return;
  inflateEnd(&inflater->stream);
  free(inflater);
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
