#ifndef C_STORM_CHECKSUM_H
#define C_STORM_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

// CRC-32C by the processor's own instruction, for which Swift has no intrinsic. Both functions may be called on any
// thread and touch nothing but the bytes given.

/// Whether this processor has the instruction: SSE 4.2 and PCLMULQDQ on x86-64, the CRC32 extension on arm64.
int storm_crc32c_is_available(void);

/// The checksum of `count` bytes, from initial value to final inversion. Only where `storm_crc32c_is_available`.
uint32_t storm_crc32c(const void *bytes, size_t count);

#endif
