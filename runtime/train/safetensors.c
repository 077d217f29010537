/* safetensors: tensors by name in a file. 8 bytes with the length of the header, the header as JSON, then the numbers.
 *
 *   {"__metadata__": {"key": "text"}, "h.weight": {"dtype": "F32", "shape": [16, 4], "data_offsets": [0, 256]}}
 *
 * Everything is little-endian. The reader believes nothing: lengths, offsets, overlaps and holes are checked, and so is the
 * hash of the content, which the writer puts into __metadata__. docs/files.md describes it. */
#include "train.h"
#include <stdlib.h>
#include <string.h>

static uint64_t take_bytes(const char *from, int count) {
    uint64_t value = 0;
    for (int i = count - 1; i >= 0; i--) value = value << 8 | (unsigned char)from[i];
    return value;
}

static void put_bytes(char *to, uint64_t value, int count) {
    for (int i = 0; i < count; i++) to[i] = (char)(unsigned char)(value >> 8 * i & 0xFF);
}

/* ---- reading */

static Status malformed(const char *path, const char *what) {
    return fail(STATUS_INPUT, "%s is not a usable safetensors file: %s", path, what);
}

static void refuse(Json *json, const char *error) {
    if (!json->error) json->error = error;
    json->at = json->end;
}

static void read_type(Json *json, Memory *memory, StoredTensor *tensor) {
    const char *type = tensor->type = json_string(json, memory);
    if (type) tensor->width = !strcmp(type, "F32") ? 4 : !strcmp(type, "F64") ? 8 : 0;
}

static void read_shape(Json *json, StoredTensor *tensor) {
    json_expect(json, '[');
    for (tensor->rank = 0; !json->error && !json_sign(json, ']');) {
        if (tensor->rank == 8)
            refuse(json, "it holds a tensor of more than 8 dimensions");
        else if ((!tensor->rank || json_expect(json, ',')) && json_size(json, &tensor->dims[tensor->rank]))
            tensor->rank++;
    }
}

static void read_offsets(Json *json, StoredTensor *tensor) {
    if (json_expect(json, '[') && json_size(json, &tensor->begin) && json_expect(json, ',') && json_size(json, &tensor->end))
        json_expect(json, ']');
}

/* {"dtype": ..., "shape": ..., "data_offsets": ...}, in any order, each once. */
static void read_tensor(Json *json, Memory *memory, StoredTensor *tensor) {
    static const char *const keys[] = {"dtype", "shape", "data_offsets"};
    int seen = 0;
    json_expect(json, '{');
    for (int n = 0; n < 3 && !json->error; n++) {
        int k = 0;
        if (n) json_expect(json, ',');
        const char *key = json_string(json, memory);
        while (key && k < 3 && strcmp(key, keys[k]) != 0) k++;
        if (k == 3 || seen >> k & 1) refuse(json, "a tensor has an unknown or repeated key");
        seen |= 1 << k;
        json_expect(json, ':');
        if (k == 0) read_type(json, memory, tensor);
        if (k == 1) read_shape(json, tensor);
        if (k == 2) read_offsets(json, tensor);
    }
    json_expect(json, '}');
}

/* The size that follows from shape and type is the size that the offsets give. */
static bool tensor_is_sound(const StoredTensor *tensor, uint64_t data_size) {
    uint64_t count = 1;
    for (int d = 0; d < tensor->rank; d++) {
        if (tensor->dims[d] && count > UINT64_MAX / tensor->dims[d]) return false;
        count *= tensor->dims[d];
    }
    if (count > UINT64_MAX / 8 || tensor->begin > tensor->end || tensor->end > data_size) return false;
    return !tensor->width || tensor->end - tensor->begin == count * (uint64_t)tensor->width;
}

static void read_metadata(Json *json, Memory *memory, Store *store) {
    if (store->ntexts) refuse(json, "it has two __metadata__");
    json_expect(json, '{');
    for (size_t room = 0; !json->error && !json_sign(json, '}');) {
        if (store->ntexts) json_expect(json, ',');
        if (store->ntexts == room)
            store->texts = memory_resize(memory, store->texts, room = room * 2 + 16, sizeof *store->texts);
        if (!store->texts) {
            refuse(json, "out of memory");
            return;
        }
        StoredText *text = &store->texts[store->ntexts++];
        text->key = json_string(json, memory);
        json_expect(json, ':');
        text->value = json_string(json, memory);
    }
}

static void read_entry(Json *json, Memory *memory, Store *store, size_t *room) {
    const char *name = json_string(json, memory);
    json_expect(json, ':');
    if (name && !strcmp(name, "__metadata__")) {
        read_metadata(json, memory, store);
        return;
    }
    if (store->ntensors == *room)
        store->tensors = memory_resize(memory, store->tensors, *room = *room * 2 + 16, sizeof *store->tensors);
    if (!store->tensors) {
        refuse(json, "out of memory");
        return;
    }
    StoredTensor *tensor = &store->tensors[store->ntensors++];
    memset(tensor, 0, sizeof *tensor);
    tensor->name = name;
    read_tensor(json, memory, tensor);
    if (!json->error && !tensor_is_sound(tensor, store->data_size)) refuse(json, "a tensor's shape and place do not fit");
}

static int compare_names(const void *a, const void *b) {
    return strcmp(((const StoredTensor *)a)->name, ((const StoredTensor *)b)->name);
}

/* By place; an empty tensor stands before the one that begins where it is. */
static int compare_places(const void *a, const void *b) {
    const StoredTensor *s = a, *t = b;
    if (s->begin != t->begin) return s->begin < t->begin ? -1 : 1;
    return s->end < t->end ? -1 : s->end > t->end;
}

static int compare_keys(const void *a, const void *b) {
    return strcmp(((const StoredText *)a)->key, ((const StoredText *)b)->key);
}

/* No key stands there twice. Leaves the texts sorted by key. */
static const char *check_texts(Store *store) {
    if (store->ntexts) qsort(store->texts, store->ntexts, sizeof *store->texts, compare_keys);
    for (size_t i = 1; i < store->ntexts; i++)
        if (!compare_keys(&store->texts[i - 1], &store->texts[i])) return "its metadata have a key twice";
    return NULL;
}

/* The tensors cover the data without holes and overlaps, and no two have one name. Leaves them sorted by name. */
static const char *check_places(Store *store) {
    uint64_t at = 0;
    if (store->ntensors) qsort(store->tensors, store->ntensors, sizeof *store->tensors, compare_places);
    for (size_t i = 0; i < store->ntensors; i++) {
        if (store->tensors[i].begin != at) return "its tensors overlap, or leave holes";
        at = store->tensors[i].end;
    }
    if (at != store->data_size) return "it is longer or shorter than its header says";
    if (store->ntensors) qsort(store->tensors, store->ntensors, sizeof *store->tensors, compare_names);
    for (size_t i = 1; i < store->ntensors; i++)
        if (!compare_names(&store->tensors[i - 1], &store->tensors[i])) return "two of its tensors have the same name";
    return NULL;
}

static const char *read_header(Store *store, Memory *memory, const char *header, uint64_t length) {
    Json json = {header, header + length, NULL};
    const char *error;
    size_t room = 0;
    json_expect(&json, '{');
    for (bool first = true; !json.error && !json_sign(&json, '}'); first = false) {
        if (!first) json_expect(&json, ',');
        read_entry(&json, memory, store, &room);
    }
    while (json.at < json.end && *json.at == ' ') json.at++;
    if (json.at < json.end) refuse(&json, "something follows its header");
    if (json.error) return json.error;
    return (error = check_texts(store)) ? error : check_places(store);
}

/* ---- the hash of the content: of what a header says, in whatever order and with whatever blanks it says it, and of the
 * numbers */

#define HASH_KEY "nnc.hash"
enum { HASH_DIGITS = 16 };

static void print_hash(char digits[HASH_DIGITS + 1], const void *bytes, size_t size) {
    snprintf(digits, HASH_DIGITS + 1, "%016llx", (unsigned long long)hash_xxh64(bytes, size));
}

/* With the zero byte that ends it. */
static void add_text(Text *all, const char *text) {
    text_put(all, text, strlen(text) + 1);
}

static void add_tensor(Text *all, const Store *store, const StoredTensor *tensor) {
    char digits[HASH_DIGITS + 1];
    add_text(all, tensor->name);
    add_text(all, tensor->type);
    for (int d = 0; d < tensor->rank; d++) text_add(all, "%s%llu", d ? "," : "", (unsigned long long)tensor->dims[d]);
    print_hash(digits, store->data + tensor->begin, (size_t)(tensor->end - tensor->begin));
    add_text(all, "");
    add_text(all, digits);
}

/* Of all keys and values but its own, by key; then of each tensor, by name: name, type, shape, and the hash of its bytes. */
static Status hash_content(const Store *store, char digits[HASH_DIGITS + 1]) {
    Text all = {NULL, 0, 0, false};
    for (size_t i = 0; i < store->ntexts; i++) {
        if (!strcmp(store->texts[i].key, HASH_KEY)) continue;
        add_text(&all, store->texts[i].key);
        add_text(&all, store->texts[i].value);
    }
    for (size_t i = 0; i < store->ntensors; i++) add_tensor(&all, store, &store->tensors[i]);
    Status status = all.failed ? fail(STATUS_SYSTEM, "out of memory") : STATUS_DONE;
    print_hash(digits, all.data, all.failed ? 0 : all.length);
    text_release(&all);
    return status;
}

/* A file of another program has none. */
static Status check_hash(const Store *store) {
    const char *told = store_text(store, HASH_KEY);
    char digits[HASH_DIGITS + 1];
    Status status = told ? hash_content(store, digits) : STATUS_DONE;
    if (status || !told || !strcmp(told, digits)) return status;
    fail(STATUS_INPUT, "%s is damaged or was changed: its content has the hash %s, its metadata say \"" HASH_KEY "\": \"%s\"",
         store->path, digits, told);
    hint("use an undamaged copy; after a change that was meant, leave \"" HASH_KEY "\" out of the metadata");
    return STATUS_INPUT;
}

/* ---- a whole file */

/* The header is copied, so that a zero byte ends it. */
Status store_read(Store *store, Memory *memory, const char *path) {
    char *bytes;
    size_t size;
    memset(store, 0, sizeof *store);
    store->path = path;
    Status status = file_read(path, memory, &bytes, &size);
    if (status) return status;
    if (size < 8) return malformed(path, size ? "it is too short" : "it is empty");
    uint64_t length = take_bytes(bytes, 8);
    if (length > size - 8) return malformed(path, "it is cut off, or it is a file of another kind");
    store->data = bytes + 8 + length;
    store->data_size = size - 8 - length;
    const char *header = memory_text(memory, bytes + 8, (size_t)length);
    if (!header) return STATUS_SYSTEM;
    const char *error = read_header(store, memory, header, length);
    return error ? malformed(path, error) : check_hash(store);
}

const char *store_text(const Store *store, const char *key) {
    for (size_t i = 0; i < store->ntexts; i++)
        if (!strcmp(store->texts[i].key, key)) return store->texts[i].value;
    return NULL;
}

const StoredTensor *store_find(const Store *store, const char *name) {
    StoredTensor wanted = {.name = name};
    return store->ntensors ? bsearch(&wanted, store->tensors, store->ntensors, sizeof wanted, compare_names) : NULL;
}

double store_number(const Store *store, const StoredTensor *tensor, uint64_t index) {
    uint64_t bits = take_bytes(store->data + tensor->begin + index * (uint64_t)tensor->width, tensor->width);
    uint32_t narrow = (uint32_t)bits;
    float single;
    double number;
    memcpy(&single, &narrow, sizeof single);
    memcpy(&number, &bits, sizeof number);
    return tensor->width == 4 ? (double)single : number;
}

/* ---- comparing with a network */

static void print_shape(FILE *to, int rank, const uint64_t *dims) {
    fputc('[', to);
    for (int d = 0; d < rank; d++) fprintf(to, "%s%llu", d ? ", " : "", (unsigned long long)dims[d]);
    fputc(']', to);
}

static size_t tensor_dims(const TensorInfo *info, uint64_t dims[8]) {
    size_t count = 1;
    for (int d = 0; d < info->rank; d++) count *= (size_t)(dims[d] = (uint64_t)info->dims[d]);
    return count;
}

static void full_name(char name[256], const char *prefix, const TensorInfo *info) {
    snprintf(name, 256, "%s%s", prefix, info->name);
}

typedef struct Differences {
    const Store *store;
    const Network *network;
    size_t count, matched;
} Differences;

enum { DIFFERENCES_SHOWN = 12 };

/* The heading comes with the first difference; true if this one is to be shown. */
static bool count_difference(Differences *differences) {
    if (!differences->count)
        fail(STATUS_INPUT, "%s does not fit the network %s of %s:", differences->store->path, differences->network->name,
             differences->network->source);
    return differences->count++ < DIFFERENCES_SHOWN;
}

static void compare_tensor(Differences *differences, const char *prefix, const TensorInfo *info) {
    char name[256];
    uint64_t dims[8];
    full_name(name, prefix, info);
    tensor_dims(info, dims);
    const StoredTensor *found = store_find(differences->store, name);
    differences->matched += found != NULL;
    const bool fits = found && found->rank == info->rank && !memcmp(found->dims, dims, (size_t)info->rank * sizeof *dims);
    if ((fits && found->width) || !count_difference(differences)) return;
    if (fits) {
        fprintf(stderr, "  %s is of type %s in the file, and F32 or F64 is needed\n", name, found->type);
        return;
    }
    fprintf(stderr, "  %s is ", name);
    print_shape(stderr, info->rank, dims);
    fputs(" in the network, ", stderr);
    if (found) print_shape(stderr, found->rank, found->dims);
    fputs(found ? " in the file\n" : "and missing in the file\n", stderr);
}

static bool is_in_groups(const TensorGroup *groups, size_t count, const char *stored) {
    for (size_t k = 0; k < count; k++) {
        for (const TensorInfo *info = groups[k].table; info && info->name; info++) {
            char name[256];
            full_name(name, groups[k].prefix, info);
            if (!strcmp(name, stored)) return true;
        }
    }
    return !strcmp(stored, "curve");
}

static void report_extra(Differences *differences, const TensorGroup *groups, size_t count) {
    for (size_t i = 0; i < differences->store->ntensors; i++) {
        const StoredTensor *tensor = &differences->store->tensors[i];
        if (is_in_groups(groups, count, tensor->name) || !count_difference(differences)) continue;
        fprintf(stderr, "  %s ", tensor->name);
        print_shape(stderr, tensor->rank, tensor->dims);
        fputs(" is only in the file\n", stderr);
    }
}

Status store_compare(const Store *store, const TensorGroup *groups, size_t count, const Network *network) {
    Differences differences = {store, network, 0, 0};
    for (size_t k = 0; k < count; k++)
        for (const TensorInfo *info = groups[k].table; info && info->name; info++)
            compare_tensor(&differences, groups[k].prefix, info);
    if (differences.matched + (store_find(store, "curve") != NULL) != store->ntensors || differences.count)
        report_extra(&differences, groups, count);
    if (differences.count > DIFFERENCES_SHOWN) fprintf(stderr, "  and %zu more\n", differences.count - DIFFERENCES_SHOWN);
    return differences.count ? STATUS_INPUT : STATUS_DONE;
}

static Status load_tensor(const Store *store, const TensorGroup *group, const TensorInfo *info) {
    char name[256];
    uint64_t dims[8];
    size_t count = tensor_dims(info, dims);
    full_name(name, group->prefix, info);
    const StoredTensor *tensor = store_find(store, name);
    for (size_t i = 0; i < count; i++) {
        double value = store_number(store, tensor, i);
        if (!number_is_finite(value))
            return fail(STATUS_INPUT, "%s: number %zu of %s is not finite%s", store->path, i, name,
                        sizeof(real) == 4 ? " as f32" : "");
        group->values[info->offset + i] = (real)value;
    }
    return STATUS_DONE;
}

Status store_load(const Store *store, const TensorGroup *groups, size_t count, const Network *network) {
    Status status = store_compare(store, groups, count, network);
    for (size_t k = 0; k < count && !status; k++)
        for (const TensorInfo *info = groups[k].table; info && info->name && !status; info++)
            status = load_tensor(store, &groups[k], info);
    return status;
}

/* ---- writing */

static void put_number(Text *data, double value, int width) {
    char bytes[8];
    float single = (float)value;
    uint32_t narrow;
    uint64_t bits;
    memcpy(&narrow, &single, sizeof narrow);
    memcpy(&bits, &value, sizeof bits);
    put_bytes(bytes, width == 4 ? narrow : bits, width);
    text_put(data, bytes, (size_t)width);
}

static void begin_entry(Text *header, const char *name, int width) {
    text_put(header, ",", 1);
    json_add_string(header, name);
    text_add(header, ":{\"dtype\":\"F%d\",\"shape\":[", 8 * width);
}

static void write_tensor(Text *header, Text *data, const TensorGroup *group, const TensorInfo *info) {
    char name[256];
    uint64_t dims[8];
    size_t count = tensor_dims(info, dims), begin = data->length;
    full_name(name, group->prefix, info);
    begin_entry(header, name, (int)sizeof(real));
    for (int d = 0; d < info->rank; d++) text_add(header, "%s%llu", d ? "," : "", (unsigned long long)dims[d]);
    for (size_t i = 0; i < count; i++) put_number(data, (double)group->values[info->offset + i], (int)sizeof(real));
    text_add(header, "],\"data_offsets\":[%zu,%zu]}", begin, data->length);
}

/* The doubles stand first: so every number is aligned as its type wants it. */
static void write_curve(Text *header, Text *data, const double *curve, size_t count) {
    begin_entry(header, "curve", 8);
    for (size_t i = 0; i < count; i++) put_number(data, curve[i], 8);
    text_add(header, "%zu],\"data_offsets\":[0,%zu]}", count, data->length);
}

#define HEADER_START "{\"__metadata__\":{\"" HASH_KEY "\":\""

/* What was written is read again: its hash takes the place of the zeros. */
static Status put_hash(const char *path, Text *header, const Text *data) {
    Memory memory = {NULL};
    Store store = {.path = path, .data = data->data, .data_size = data->length};
    char digits[HASH_DIGITS + 1];
    const char *error =
        header->failed || data->failed ? "out of memory" : read_header(&store, &memory, header->data, header->length);
    Status status = error ? fail(STATUS_SYSTEM, "cannot write %s: %s", path, error) : hash_content(&store, digits);
    if (!status) memcpy(header->data + sizeof HEADER_START - 1, digits, HASH_DIGITS);
    memory_release(&memory);
    return status;
}

Status store_write(const char *path, const TensorGroup *groups, size_t count, const Text *texts, const double *curve,
                   size_t ncurve) {
    Text parts[3] = {{NULL, 0, 0, false}, {NULL, 0, 0, false}, {NULL, 0, 0, false}};
    Text *length = &parts[0], *header = &parts[1], *data = &parts[2];
    char bytes[8];
    text_add(header, HEADER_START "%0*d\"%s%s}", HASH_DIGITS, 0, texts->length ? "," : "", texts->length ? texts->data : "");
    if (curve && !header->failed) write_curve(header, data, curve, ncurve);
    for (size_t k = 0; k < count; k++)
        for (const TensorInfo *info = groups[k].table; info && info->name && !header->failed; info++)
            write_tensor(header, data, &groups[k], info);
    text_put(header, "}", 1);
    while (header->length % 8 && !header->failed) text_put(header, " ", 1);
    put_bytes(bytes, header->length, 8);
    text_put(length, bytes, 8);
    header->failed |= texts->failed;
    Status status = put_hash(path, header, data);
    if (!status) status = file_write(path, parts, 3);
    for (int k = 0; k < 3; k++) text_release(&parts[k]);
    return status;
}
