#ifndef C_STORM_ARCHIVE_H
#define C_STORM_ARCHIVE_H

#include <stddef.h>
#include <stdint.h>

// What archives need of zlib and the system, in a form that Swift can call. An inflater belongs to one thread at a time; the checksum may
// be called on any.

typedef struct storm_inflater storm_inflater;

// For data of the deflate format without a header, as it is in zip files. NULL: no memory.
storm_inflater *storm_inflater_new(void);
void storm_inflater_free(storm_inflater *inflater);

enum storm_inflate_result {
    STORM_INFLATE_MORE = 0,  // the input is used up or the output is full
    STORM_INFLATE_END = 1,   // the data ends here
    STORM_INFLATE_BAD = -1   // this is no deflated data
};

// Unpacks from `input` to `output`, and says how much of each was used.
int storm_inflater_run(storm_inflater *inflater, const uint8_t *input, size_t input_count, size_t *input_used,
                       uint8_t *output, size_t output_count, size_t *output_used);

// The CRC-32 of zip files over bytes that follow those that gave `checksum`; 0 to begin with.
uint32_t storm_crc32(uint32_t checksum, const uint8_t *bytes, size_t count);

// Brings everything that was written to the file system of this folder to the disk, for which Swift has no name. 0: done.
int storm_flush_file_system(int descriptor);

#endif
