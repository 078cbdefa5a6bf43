// A small C library: memory and strings, without any import.
//
// Memory is handed out in powers of two from 16 bytes; what is freed goes to a list of its size and comes from there again. A
// filter's calls repeat the same few sizes, so this neither searches nor fragments.

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 65536, SMALLEST = 4, SIZES = 28 };

// Stands before each block; 8 bytes keep the block aligned for every type.
typedef union block {
    struct {
        uint32_t size_class;
        union block *next;
    };
    uint64_t align;
} block;

extern unsigned char __heap_base;
static uintptr_t heap_at;
static block *freed[SIZES];

_Noreturn void abort(void) {
    __builtin_trap();
}

static unsigned size_class(size_t size) {
    unsigned c = SMALLEST;
    while (((size_t)1 << c) < size) {
        c++;
    }
    return c;
}

// Memory that was never handed out. The host's limit makes growth fail; a filter cannot go on then.
static block *fresh(unsigned c) {
    size_t size = sizeof(block) + ((size_t)1 << c);
    if (heap_at == 0) {
        heap_at = ((uintptr_t)&__heap_base + 15) & ~(uintptr_t)15;
    }
    uintptr_t end = heap_at + size;
    uintptr_t have = (uintptr_t)__builtin_wasm_memory_size(0) * PAGE;
    if (end > have && __builtin_wasm_memory_grow(0, (end - have + PAGE - 1) / PAGE) == (size_t)-1) {
        abort();
    }
    block *b = (block *)heap_at;
    heap_at = end;
    return b;
}

void *malloc(size_t size) {
    if (size > (size_t)1 << (SIZES - 1)) {
        abort();
    }
    unsigned c = size_class(size);
    block *b = freed[c];
    if (b) {
        freed[c] = b->next;
    } else {
        b = fresh(c);
    }
    b->size_class = c;
    return b + 1;
}

void free(void *memory) {
    if (memory) {
        block *b = (block *)memory - 1;
        b->next = freed[b->size_class];
        freed[b->size_class] = b;
    }
}

void *calloc(size_t count, size_t size) {
    size_t all;
    if (__builtin_mul_overflow(count, size, &all)) {
        abort();
    }
    return memset(malloc(all), 0, all);
}

void *realloc(void *old, size_t size) {
    if (!old) {
        return malloc(size);
    }
    size_t have = (size_t)1 << ((block *)old - 1)->size_class;
    if (size <= have) {
        return old;
    }
    void *new = malloc(size);
    memcpy(new, old, have);
    free(old);
    return new;
}

void *memcpy(void *restrict to, const void *restrict from, size_t size) {
    unsigned char *t = to;
    const unsigned char *f = from;
    while (size--) {
        *t++ = *f++;
    }
    return to;
}

void *memmove(void *to, const void *from, size_t size) {
    unsigned char *t = to;
    const unsigned char *f = from;
    if (t < f) {
        return memcpy(to, from, size);
    }
    while (size--) {
        t[size] = f[size];
    }
    return to;
}

void *memset(void *at, int byte, size_t size) {
    unsigned char *t = at;
    while (size--) {
        *t++ = (unsigned char)byte;
    }
    return at;
}

int memcmp(const void *a, const void *b, size_t size) {
    const unsigned char *x = a, *y = b;
    for (; size--; x++, y++) {
        if (*x != *y) {
            return *x - *y;
        }
    }
    return 0;
}

size_t strlen(const char *text) {
    size_t n = 0;
    while (text[n]) {
        n++;
    }
    return n;
}

int strcmp(const char *a, const char *b) {
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return (unsigned char)*a - (unsigned char)*b;
}
