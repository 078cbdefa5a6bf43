// What the generated bindings need of a C library; a filter has no other.
#ifndef WEIR_STDLIB_H
#define WEIR_STDLIB_H

#include <stddef.h>

void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *old, size_t size);
void free(void *memory);

// Traps: the host discards the call and follows the filter's failure policy.
_Noreturn void abort(void);

#endif
