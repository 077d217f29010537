/* memory: allocations with checked sizes, released together. Each block stands in a ring between its neighbours, so that one
 * can grow and all can be released. */
#include "train.h"
#include <stdlib.h>
#include <string.h>

typedef struct MemoryBlock {
    struct MemoryBlock *next, *before;
} MemoryBlock;

enum { BLOCK_HEAD = 64 }; /* keeps what follows as well aligned as the block itself */

static void link_block(Memory *memory, MemoryBlock *block) {
    block->next = memory->first;
    block->before = NULL;
    if (memory->first) memory->first->before = block;
    memory->first = block;
}

static void unlink_block(Memory *memory, MemoryBlock *block) {
    if (block->before)
        block->before->next = block->next;
    else
        memory->first = block->next;
    if (block->next) block->next->before = block->before;
}

static void *out_of_memory(size_t count, size_t size) {
    fail(STATUS_SYSTEM, "out of memory (%zu x %zu bytes wanted)", count, size);
    return NULL;
}

static bool block_size(size_t count, size_t size, size_t *bytes) {
    if (!size_multiply(count ? count : 1, size, bytes) || *bytes > SIZE_MAX / 2 - BLOCK_HEAD) return false;
    *bytes += BLOCK_HEAD;
    return true;
}

void *memory_resize(Memory *memory, void *old, size_t count, size_t size) {
    MemoryBlock *block = old ? (MemoryBlock *)(void *)((char *)old - BLOCK_HEAD) : NULL;
    size_t bytes;
    if (!block_size(count, size, &bytes)) return out_of_memory(count, size);
    if (block) unlink_block(memory, block);
    MemoryBlock *fresh = realloc(block, bytes);
    if (fresh)
        link_block(memory, fresh);
    else if (block)
        link_block(memory, block);
    return fresh ? (char *)fresh + BLOCK_HEAD : out_of_memory(count, size);
}

void *memory_take(Memory *memory, size_t count, size_t size) {
    size_t bytes;
    if (!block_size(count, size, &bytes)) return out_of_memory(count, size);
    MemoryBlock *block = calloc(1, bytes);
    if (!block) return out_of_memory(count, size);
    link_block(memory, block);
    return (char *)block + BLOCK_HEAD;
}

void *memory_take_aligned(Memory *memory, size_t size) {
    if (size > SIZE_MAX / 4) return out_of_memory(1, size);
    char *at = memory_take(memory, 1, size + 64);
    return at ? at + (64 - (uintptr_t)at % 64) % 64 : NULL;
}

char *memory_text(Memory *memory, const char *bytes, size_t length) {
    char *copy = memory_take(memory, length + 1, 1);
    if (copy && length) memcpy(copy, bytes, length);
    return copy;
}

void memory_release(Memory *memory) {
    while (memory->first) {
        MemoryBlock *block = memory->first;
        memory->first = block->next;
        free(block);
    }
}
