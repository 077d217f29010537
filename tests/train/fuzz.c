/* fuzz: reads mutilated files within one process, many a second. Meant to be built with sanitizers; what is wrong must be
 * refused, and nothing may crash.
 * usage: fuzz cut FILE      every beginning of a parameter file must be refused; prints how many
 *        fuzz flip FILE     every bit of its header and every 64th of its numbers, turned over
 *        fuzz data FILE N   N mutations of a data file are read as data */
#define MOCK_LIBRARY
#include "mock.c" /* NOLINT(bugprone-suspicious-include) */
#include "train.h"
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

static size_t cut(const Network *network, const char *bytes, size_t size) {
    size_t refused = 0;
    for (size_t length = 0; length < size; length++) {
        put_file(bytes, length);
        refused += open_model(network) == STATUS_INPUT;
    }
    return size - refused;
}

static size_t flip(const Network *network, char *bytes, size_t size) {
    size_t header = 8 + (unsigned char)bytes[0] + 256 * (size_t)(unsigned char)bytes[1], opened = 0;
    for (size_t bit = 0; bit < 8 * size; bit += bit < 8 * header ? 1 : 64) {
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ (1 << bit % 8));
        put_file(bytes, size);
        opened += open_model(network) == STATUS_DONE;
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ (1 << bit % 8));
    }
    return opened;
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

static size_t fuzz_data(const Network *network, const char *bytes, size_t size, long count) {
    char *changed = malloc(size + 64);
    size_t opened = 0;
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
    size_t count = !strcmp(argv[1], "cut")    ? cut(network, bytes, size)
                   : !strcmp(argv[1], "flip") ? flip(network, bytes, size)
                                              : fuzz_data(network, bytes, size, argc > 3 ? atol(argv[3]) : 1000);
    memory_release(&memory);
    unlink(scratch);
    return printf("%zu\n", count) < 0;
}
