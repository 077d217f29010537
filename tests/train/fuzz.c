/* fuzz: reads mutilated files within one process, many a second. Meant to be built with sanitizers; what is wrong must be
 * refused, and nothing may crash.
 * usage: fuzz cut FILE      every beginning of a parameter file; prints how many are not refused
 *        fuzz flip FILE     every bit of it turned over; prints how many are neither refused nor the same
 *        fuzz shift FILE    every length of its header; prints the same
 *        fuzz data FILE N SEED   N mutations of a data file are read as data; prints how many are not refused
 *
 * Varied in data: up to three bytes, by such as mean something, a piece of up to 40 bytes put elsewhere, where the file ends.
 * Not varied: the files, of a few rows each; what is asked of them. */
#define MOCK_LIBRARY
#include "mock.c" /* NOLINT(bugprone-suspicious-include) */
#include "train.h"
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static const char scratch[] = "fuzzed";

static void put_file(const char *bytes, size_t size) {
    FILE *file = fopen(scratch, "wb");
    if (!file || fwrite(bytes, 1, size, file) != size || fclose(file)) abort();
}

/* All that test and predict read of a parameter file. */
static Status open_model(const Network *network) {
    Model model;
    Status status = model_open(&model, network, scratch);
    memory_release(&model.memory);
    return status;
}

/* Also where a bit of its name is turned over: then the file is one without a hash. */
static bool is_hash(const char *key) {
    static const char name[] = "nnc.hash";
    size_t k = 0, other = 0;
    for (; k < sizeof name && key[k]; k++) other += key[k] != name[k];
    return k == sizeof name - 1 && other <= 1;
}

/* All that a file says but the hash of it; empty if it is refused. */
static Text take_content(const char *path) {
    Memory memory = {NULL};
    Store store;
    Text all = {NULL, 0, 0, false};
    if (!store_read(&store, &memory, path)) {
        for (size_t i = 0; i < store.ntexts; i++)
            if (!is_hash(store.texts[i].key)) text_add(&all, "%s=%s\n", store.texts[i].key, store.texts[i].value);
        for (size_t i = 0; i < store.ntensors; i++) {
            const StoredTensor *tensor = &store.tensors[i];
            text_add(&all, "%s %s", tensor->name, tensor->type);
            for (int d = 0; d < tensor->rank; d++) text_add(&all, " %llu", (unsigned long long)tensor->dims[d]);
            text_put(&all, store.data + tensor->begin, (size_t)(tensor->end - tensor->begin));
        }
    }
    memory_release(&memory);
    return all;
}

/* Neither refused nor the same. */
static bool is_believed(const Text *whole) {
    Text content = take_content(scratch);
    bool other = content.length && (content.length != whole->length || memcmp(content.data, whole->data, whole->length) != 0);
    text_release(&content);
    return other;
}

static size_t cut(const Network *network, const char *bytes, size_t size) {
    size_t refused = 0;
    for (size_t length = 0; length < size; length++) {
        put_file(bytes, length);
        refused += open_model(network) == STATUS_INPUT;
    }
    return size - refused;
}

/* One byte of the file; much quicker than a new file. */
static void put_byte(int handle, size_t at, unsigned value) {
    unsigned char byte = (unsigned char)value;
    if (pwrite(handle, &byte, 1, (off_t)at) != 1) abort();
}

static size_t flip(const Network *network, int handle, const Text *whole, const char *bytes, size_t size) {
    size_t believed = 0;
    for (size_t bit = 0; bit < 8 * size; bit++) {
        put_byte(handle, bit / 8, (unsigned char)bytes[bit / 8] ^ 1U << bit % 8);
        open_model(network);
        believed += is_believed(whole);
        put_byte(handle, bit / 8, (unsigned char)bytes[bit / 8]);
    }
    return believed;
}

/* Every length of the header that a file of this size could have. */
static size_t shift(int handle, const Text *whole, size_t size) {
    size_t believed = 0;
    for (size_t length = 0; length < size; length++) {
        for (size_t k = 0; k < 8; k++) put_byte(handle, k, (unsigned)((uint64_t)length >> 8 * k & 0xFF));
        believed += is_believed(whole);
    }
    return believed;
}

static size_t damage(const Network *network, const char *path, bool flipped, const char *bytes, size_t size) {
    Text whole = take_content(path);
    put_file(bytes, size);
    int handle = open(scratch, O_WRONLY);
    if (!whole.length || handle < 0) abort();
    size_t believed = flipped ? flip(network, handle, &whole, bytes, size) : shift(handle, &whole, size);
    text_release(&whole);
    close(handle);
    return believed;
}

static uint64_t state = 88172645463325252u;

static size_t draw(size_t below) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (size_t)(state % below);
}

/* Some bytes changed, a piece repeated or left out. */
static size_t mutate(const char *bytes, size_t size, char *to) {
    static const char interesting[] = ",\"\n\r\t;. -+e0123456789nai#'\\\0\377\200(){}:<";
    size_t from = draw(size), length = draw(size - from) % 40, at = draw(size);
    memcpy(to, bytes, size);
    for (size_t n = draw(4); n-- > 0;) to[draw(size)] = interesting[draw(sizeof interesting - 1)];
    if (draw(3) == 0) return draw(size) + 1;
    if (draw(2)) return size;
    memmove(to + at + length, to + at, size - at);
    memcpy(to + at, bytes + from, length);
    return size + length;
}

static Status open_data(const Network *network) {
    Memory memory = {NULL};
    Preparation preparation;
    Dataset data = {.network = network, .preparation = &preparation, .memory = &memory};
    DataSource source = {scratch, getenv("MOCK_LABELS")};
    Status status = prepare_begin(&preparation, network, &memory);
    if (!status) status = dataset_load(&data, &source);
    if (!status) status = dataset_split(&data, 1);
    if (!status) status = dataset_finish(&data);
    memory_release(&memory);
    return status;
}

static size_t fuzz_data(const Network *network, const char *bytes, size_t size, long count, const char *seed) {
    char *changed = malloc(size + 64);
    size_t opened = 0;
    state += strtoull(seed, NULL, 10);
    for (long n = 0; n < count && changed; n++) {
        size_t length = mutate(bytes, size, changed);
        put_file(changed, length);
        opened += open_data(network) == STATUS_DONE;
    }
    free(changed);
    return opened;
}

int main(int argc, char **argv) {
    Memory memory = {NULL};
    char *bytes;
    size_t size;
    if (argc < 3 || file_read(argv[2], &memory, &bytes, &size)) return 2;
    const Network *network = mock_network();
    bool flipped = !strcmp(argv[1], "flip");
    size_t count = !strcmp(argv[1], "cut") ? cut(network, bytes, size)
                   : flipped || !strcmp(argv[1], "shift")
                       ? damage(network, argv[2], flipped, bytes, size)
                       : fuzz_data(network, bytes, size, argc > 3 ? atol(argv[3]) : 1000, argc > 4 ? argv[4] : "0");
    memory_release(&memory);
    unlink(scratch);
    return printf("%zu\n", count) < 0;
}
