#ifndef C_ALLOCATION_COUNT_H
#define C_ALLOCATION_COUNT_H

/// Allocations of this process since its start, by all threads: calls of malloc, calloc, realloc and the aligned kinds.
/// A program that links this target has them counted; but 0 always in a build with a sanitizer.
long storm_allocation_count(void);

/// Bytes that this thread has asked for since its start, given back or not; 0 always in a build with a sanitizer.
long storm_thread_allocated_bytes(void);

#endif
