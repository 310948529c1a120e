#include "CStormArchive.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

struct storm_inflater {
    z_stream stream;
};

storm_inflater *storm_inflater_new(void) {
    storm_inflater *inflater = calloc(1, sizeof *inflater);
    if (!inflater) return NULL;
    // Negative: no header, no trailer.
    if (inflateInit2(&inflater->stream, -MAX_WBITS) != Z_OK) {
        free(inflater);
        return NULL;
    }
    return inflater;
}

void storm_inflater_free(storm_inflater *inflater) {
    if (!inflater) return;
    inflateEnd(&inflater->stream);
    free(inflater);
}

int storm_inflater_run(storm_inflater *inflater, const uint8_t *input, size_t input_count, size_t *input_used,
                       uint8_t *output, size_t output_count, size_t *output_used) {
    z_stream *stream = &inflater->stream;
    uInt in = input_count > UINT_MAX ? UINT_MAX : (uInt)input_count;
    uInt out = output_count > UINT_MAX ? UINT_MAX : (uInt)output_count;
    stream->next_in = (Bytef *)(uintptr_t)input;
    stream->avail_in = in;
    stream->next_out = output;
    stream->avail_out = out;
    int result = inflate(stream, Z_NO_FLUSH);
    *input_used = in - stream->avail_in;
    *output_used = out - stream->avail_out;
    if (result == Z_STREAM_END) return STORM_INFLATE_END;
    // Z_BUF_ERROR: nothing could be done with these buffers, which is for the caller to judge.
    return result == Z_OK || result == Z_BUF_ERROR ? STORM_INFLATE_MORE : STORM_INFLATE_BAD;
}

uint32_t storm_crc32(uint32_t checksum, const uint8_t *bytes, size_t count) {
    uLong sum = checksum;
    while (count > 0) {
        uInt part = count > UINT_MAX ? UINT_MAX : (uInt)count;
        sum = crc32(sum, bytes, part);
        bytes += part;
        count -= part;
    }
    return (uint32_t)sum;
}
