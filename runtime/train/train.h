/* train: what the files of the trainer share, under the name of the file that has it.
 *
 * Nothing here exits: a function that can go wrong says so on stderr and returns a Status. Memory comes from a `Memory` and
 * is given back all at once. */
#ifndef NNC_TRAIN_H
#define NNC_TRAIN_H

#include "class_name.h"
#include "hash.h"
#include "number.h"
#include "shape.h"
#include "temporary.h"
#include "trainer.h"
#include "utf8.h"
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>

#ifdef __GNUC__
#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))
#else
#define PRINTF_LIKE(text, first)
#endif

/* The exit statuses of the program; an interrupted training is 128 + the signal. */
typedef enum Status { STATUS_DONE, STATUS_INPUT, STATUS_USAGE, STATUS_SYSTEM, STATUS_DIVERGED } Status;

/* ---- memory.c: allocations with checked sizes, released together */
typedef struct Memory {
    struct MemoryBlock *first;
} Memory;

void *memory_take(Memory *memory, size_t count, size_t size); /* zeroed and never empty; NULL after a message */
void *memory_resize(Memory *memory, void *old, size_t count, size_t size);
void *memory_take_aligned(Memory *memory, size_t size); /* for vectors: a multiple of 64 */
char *memory_text(Memory *memory, const char *bytes, size_t length);
void memory_release(Memory *memory);

/* ---- message.c: what goes wrong, said on stderr */
typedef struct Spot { /* a place in a file; all is counted from 1 */
    const char *file;
    size_t line, column;       /* 0: no place within the file, no place within the line */
    const char *text;          /* the line itself, NULL if there is nothing to show */
    size_t length, underlined; /* of the text; how many characters are meant */
    const char *part;          /* of a file without lines: "row", "sample"; NULL: none is meant */
    size_t number;             /* of the part */
} Spot;

Status fail(Status status, const char *format, ...) PRINTF_LIKE(2, 3);
Status fail_at(const Spot *spot, const char *format, ...) PRINTF_LIKE(2, 3); /* STATUS_INPUT */
void print_spot(const Spot *spot);                                           /* FILE:LINE:COLUMN, or FILE, row 3 */
Status fail_read(const char *path, int error);                               /* cannot be read, and why */
Status fail_write(const char *path, int error);
void hint(const char *format, ...) PRINTF_LIKE(1, 2);
const char *closest_name(const char *wrong, const char *const *names, size_t count); /* NULL: none is near */

/* ---- number.c: numbers as text (number.h), and random ones */
bool size_multiply(size_t a, size_t b, size_t *product);
void shuffle(size_t *order, size_t count, uint64_t seed, uint64_t site, uint64_t epoch);
double draw_uniform(uint64_t seed, uint64_t site, uint64_t at); /* in [0, 1) */
enum { SHUFFLE_EPOCH = 1, SHUFFLE_SPLIT = 2, DRAW_BYTE = 3 };   /* sites */

/* ---- text.c: text under construction */
typedef struct Text {
    char *data; /* zero-terminated once something was added */
    size_t length, capacity;
    bool failed; /* out of memory; checked once, at the end */
} Text;

void text_put(Text *text, const void *bytes, size_t count);
void text_add(Text *text, const char *format, ...) PRINTF_LIKE(2, 3);
void text_add_number(Text *text, double value);
void text_release(Text *text);
Status text_print(Text *text); /* on standard output; then it is released */

/* ---- json.c: as much as the header of a parameter file needs */
typedef struct Json {
    const char *at, *end;
    const char *error; /* NULL: fine so far */
} Json;

bool json_sign(Json *json, char sign); /* the next character, taken if it is this sign */
bool json_expect(Json *json, char sign);
char *json_string(Json *json, Memory *memory);
bool json_size(Json *json, uint64_t *value); /* a whole number */
bool json_real(Json *json, double *value);
void json_add_string(Text *text, const char *string);
void json_add_number(Text *text, double value); /* null if not finite */

/* ---- file.c: whole files */
Status file_read(const char *path, Memory *memory, char **bytes, size_t *size); /* a zero byte follows */
Status file_write(const char *path, const Text *parts, size_t count);           /* the old file stays unless all is written */
Status file_check_writable(const char *path);
bool file_is_same(const char *a, const char *b);                    /* whatever the paths to it */
const char *file_target(const char *path, char resolved[PATH_MAX]); /* what a symbolic link leads to, or the path itself */

bool file_folder(const char *path, char folder[PATH_MAX]); /* with '/' at the end, or "."; false: it is too long */

/* ---- safetensors.c: tensors by name in a file */
typedef struct StoredTensor {
    const char *name;
    const char *type;
    int width; /* bytes of a number, 4 or 8; 0: a type that is passed by and can't be read */
    int rank;
    uint64_t dims[8];
    uint64_t begin, end;
} StoredTensor;

typedef struct StoredText {
    const char *key, *value;
} StoredText;

typedef struct Store {
    const char *path;
    const char *data; /* of the first tensor */
    uint64_t data_size;
    StoredTensor *tensors;
    size_t ntensors;
    StoredText *texts; /* __metadata__ */
    size_t ntexts;
} Store;

typedef struct TensorGroup { /* a table of tensors and the vector that holds their numbers */
    const char *prefix;
    const TensorInfo *table; /* NULL: no tensors */
    real *values;
} TensorGroup;

Status store_read(Store *store, Memory *memory, const char *path);
const char *store_text(const Store *store, const char *key); /* NULL if it isn't there */
const StoredTensor *store_find(const Store *store, const char *name);
double store_number(const Store *store, const StoredTensor *tensor, uint64_t index);
/* How the tensors of a file differ from those of these groups, said one by one; nothing is loaded. */
Status store_compare(const Store *store, const TensorGroup *groups, size_t count, const Network *network);
Status store_load(const Store *store, const TensorGroup *groups, size_t count, const Network *network);
/* `texts` is the inside of the JSON object `__metadata__`; `curve` is an optional vector of doubles named "curve". */
Status store_write(const char *path, const TensorGroup *groups, size_t count, const Text *texts, const double *curve,
                   size_t ncurve);

/* ---- rows.c: rows of fields from a text file or a stream, and where they stand */
typedef struct Field {
    char *text; /* not zero-terminated */
    size_t length;
    const char *origin; /* where it begins in the row as it was written */
    bool escaped;       /* holds doubled quotes still */
} Field;

typedef struct Rows {
    const char *file;
    int handle;
    FILE *flush_before_waiting; /* output that must be out before the next read blocks */
    char *buffer;
    size_t start, used, capacity; /* the next row begins at start */
    bool ended;
    bool quiet; /* nothing is said any more of what is wrong */
    char separator;
    const char *row; /* the row read last */
    size_t row_length, line, lines;
    Field *fields;
    int nfields, room;
} Rows;

Status rows_open(Rows *rows, const char *path); /* "-" is standard input; afterwards the first line is in the buffer */
Status rows_next(Rows *rows, bool *got);
Spot rows_spot(const Rows *rows, int field); /* -1: the whole row */
void rows_close(Rows *rows);

/* ---- prepare.c: what turns a row of a file into numbers for the network; saved with the parameters */
typedef struct Scale { /* an input is (number - shift) / divisor * factor */
    double shift, divisor, factor;
} Scale;

typedef struct Preparation {
    int width;             /* columns of the training file, 0: unknown */
    char **columns;        /* their names, NULL: no header */
    int *inputs;           /* column of each input */
    int *targets;          /* columns of the target */
    int ninputs, ntargets; /* 0: not known yet */
    int positions;         /* of the output at which one of `nclasses` classes is told */
    int rows_in, rows_out; /* rows of a sample and of its target: 1, but for a series */
    int ahead;             /* how many rows the last row of the target is after the last of the sample */
    int nclasses;          /* 0: the target is numbers */
    char **classes;        /* NULL: not known yet */
    Scale *scales;         /* of each input; NULL: not known yet */
} Preparation;

Status prepare_begin(Preparation *preparation, const Network *network, Memory *memory); /* what the .nn says */
Status prepare_restore(Preparation *preparation, const Network *network, const Store *store, Memory *memory);
void prepare_save(const Preparation *preparation, const Network *network, Text *texts);
/* On the `used` ones of `rows` rows of inputs. */
Status prepare_fit(Preparation *preparation, const Network *network, Memory *memory, const double *raw, const bool *used,
                   size_t rows);
int prepare_row_inputs(const Preparation *preparation, const Network *network); /* numbers in a row */
int prepare_row_outputs(const Preparation *preparation, const Network *network);
int prepare_row_labels(const Preparation *preparation);
double prepare_scaled(const Scale *scale, double number);
bool prepare_undoes(const Preparation *preparation, const Network *network); /* is the output made of scaled numbers? */
/* A number of the network's output, or of its target, in the units of the data: an autoencoder's are those of its scaled
 * inputs. Whatever is shown goes through this; a loss does not. */
double prepare_output(const Preparation *preparation, const Network *network, int output, real number);
/* Do targets of this shape (columns are a flat one) make the whole output, as numbers or as classes? Of a series, in how many
 * rows? If they don't: why, and what to do. */
bool prepare_fit_targets(Preparation *preparation, const Network *network, const Shape *row);
Status prepare_wrong_targets(const Preparation *preparation, const Network *network, const Spot *spot, const Shape *row);
bool prepare_is_labelled(const Preparation *preparation, const Network *network, int columns);
bool prepare_binary(const Preparation *preparation, const Network *network);           /* two classes told by one number */
char *prepare_class_name(Memory *memory, const char *text, size_t length);             /* 1.0 and 1 are one class */
int prepare_class_of(const Preparation *preparation, const char *text, size_t length); /* -1: unknown */
Status prepare_number_classes(Preparation *preparation, int count, Memory *memory);    /* 0, 1, 2, ... */
/* The names of columns or, without a header, their numbers; the names of what the network gives. */
const char *prepare_input_name(const Preparation *preparation, const Network *network, int input, char buffer[128]);
const char *prepare_target_name(const Preparation *preparation, const Network *network, int target, char buffer[128]);
const InputInfo *prepare_input_info(const Network *network, int input);

/* ---- columns.c: the columns of a file by name, number, or default */
bool columns_guess_header(const Network *network, const Rows *rows); /* of the row read last */
Status columns_choose(Preparation *preparation, const Network *network, Memory *memory, const Rows *rows, bool header);
Status columns_choose_numbered(Preparation *preparation, const Network *network, Memory *memory, const char *file, int width);

/* ---- dataset.c: samples as the network takes them: each is a row of the data or, of a series, a window of several rows.
 * Windows follow one another so that each row is a target once. */
typedef struct Dataset {
    const Network *network;
    Preparation *preparation;
    Memory *memory;
    const char *file;
    size_t rows, capacity;
    double *raw;   /* inputs before they are scaled, while the scale is not known */
    real *x, *t;   /* numbers of each row; t is NULL where targets are classes */
    int *labels;   /* classes of each row: found ones, after loading sorted ones; NULL where targets are numbers */
    bool labelled; /* known before the first row is added */
    char **found;  /* names of classes in the order of finding */
    int nfound;
    size_t *lines;    /* of the rows in the file */
    bool numbered;    /* the file has lines */
    RangeCheck check; /* of the targets in the row added last */
    bool rejected;    /* it found a number that is no target */
    RangeNumbers targets_seen;
    size_t count;    /* of samples */
    size_t *order;   /* window of each sample; NULL: one after another */
    size_t training; /* the first so many samples are for training, the rest for validation */
    uint64_t print;  /* a fingerprint of all the data */
} Dataset;

typedef struct DataSource { /* where samples come from; file NULL: those written in the .nn */
    const char *file, *labels;
} DataSource;

Status dataset_add(Dataset *data);                                                        /* room for one more row */
const char *dataset_put_input(Dataset *data, int input, double value, char problem[200]); /* NULL, or what is wrong */
/* These say what is wrong, or give NULL. After the message dataset_explain() adds what to do. */
const char *dataset_put_target(Dataset *data, int target, double value, char problem[200]);
const char *dataset_put_label(Dataset *data, int position, const char *text, size_t length, char problem[200]);
void dataset_explain(const Dataset *data);
bool dataset_see_target(Dataset *data, double target); /* one after that which was rejected; false: there is no need for more */
void dataset_put_class(Dataset *data, int position, int label); /* where the classes are known */
Status dataset_load(Dataset *data, const DataSource *source);
Status dataset_split(Dataset *data, uint64_t seed);
Status dataset_finish(Dataset *data); /* fits what is not known on the training part, and scales */
size_t dataset_first_row(const Dataset *data, size_t sample);
Spot dataset_place(const Dataset *data, size_t row); /* of a row in the file, whatever the samples' order */
void dataset_sample(const Dataset *data, size_t sample, real *x, real *t); /* copies its inputs and outputs numbers */
void dataset_target(const Dataset *data, size_t sample, real *t);

/* ---- read_csv.c, read_binary.c, read_fann.c, read_text.c: the formats */
Status read_csv(Dataset *data, Rows *rows);
Status read_fann(Dataset *data, const char *file);
Status read_text(Dataset *data, const char *file);
bool fann_recognise(const char *text, size_t length);
Status read_binary(Dataset *data, const DataSource *source);
bool binary_recognise(const char *bytes, size_t length);

/* ---- params.c: the parameters of a network in a file */
Status params_save(const Network *network, const Preparation *preparation, real *params, real *state, const char *path,
                   Text *texts);
Status params_load(const Network *network, void *net, const Store *store, Memory *memory);
Status params_compare(const Network *network, const Store *store);
void text_add_pair(Text *texts, const char *key, const char *value); /* of metadata */
const char *params_path(const Network *network, const char *given, Memory *memory);
const char *checkpoint_path(const char *params, Memory *memory); /* NULL after a message */
void *network_create(const Network *network, Memory *memory, uint64_t seed);

/* What test, predict and info need: a network with parameters, and how its data are prepared. */
typedef struct Model {
    Memory memory;
    void *net;
    const char *path;
    Store store;
    Preparation preparation;
} Model;

Status model_open(Model *model, const Network *network, const char *params);

/* ---- metrics.c: how good predictions are */
typedef struct Metrics {
    size_t samples;
    double loss; /* not a number if the network has none */
    double rmse, mae, r2;
    uint64_t right, counted; /* predictions of a class */
    uint64_t *confusion;     /* [actual][predicted], NULL for numbers */
    real *x, *t, *y;         /* workspace: samples, and one output */
    size_t part;             /* samples in x and t */
    double *mean, *residual, *total;
} Metrics;

Status metrics_prepare(Metrics *metrics, const Dataset *data, Memory *memory);
void metrics_measure(Metrics *metrics, const Dataset *data, void *net, size_t from, size_t to);
double metrics_value(const Metrics *metrics, const Preparation *preparation, const char *name);
Status metrics_choose(const Network *network, const Preparation *preparation, const char **name); /* the one to watch */
void metrics_print(const Metrics *metrics, const Network *network, const Preparation *preparation, bool table);
void metrics_add_json(const Metrics *metrics, const Preparation *preparation, Text *text);
int metrics_class_at(const Preparation *preparation, const Network *network, const real *y, int position);

/* ---- options.c: the command line */
typedef enum Command {
    COMMAND_TRAIN,
    COMMAND_TEST,
    COMMAND_PREDICT,
    COMMAND_GENERATE,
    COMMAND_INFO,
    COMMAND_HELP,
    COMMAND_VERSION
} Command;

typedef struct Options {
    Command command;
    const char *program;
    const char *data[2], *test_data[2]; /* the second: labels of binary files */
    const char *params, *save, *log, *plot, *input;
    double rate, time_limit, temperature; /* 0: not given */
    long epochs, threads, length;         /* -1: not given */
    uint64_t seed;
    bool seeded, resume, quiet, json;
    char **argv;
    int argc;
} Options;

Status options_parse(Options *options, const Network *network, int argc, char **argv);
void options_help(const Network *network, const char *program);
void options_print_resume(const Options *options, FILE *to); /* the command that resumes this one */

/* ---- progress.c: how it goes, on the screen */
typedef struct Progress {
    bool quiet, terminal, open; /* open: an updating line stands unfinished */
    double started, drawn;      /* seconds */
    uint64_t samples;           /* since started */
    long every;                 /* epochs between plain lines */
    const char *metric;
} Progress;

typedef struct EpochRow { /* what is known at the end of an epoch */
    long epoch, epochs;
    double loss, validation_loss, test_loss, metric; /* not a number: none; the test loss only where nothing is held out */
} EpochRow;

double clock_seconds(void);
void progress_start(Progress *progress, bool quiet, long epochs, const char *metric);
void progress_show(Progress *progress, const EpochRow *row, double samples_left, bool epoch_done);
void progress_end(Progress *progress);

/* ---- log.c: a line for each epoch in a file, and the curves as a picture */
typedef struct Log {
    FILE *file;
    const char *path;
    bool json, test; /* test: its second loss is that of the test data */
} Log;

/* Keeps the lines of so many epochs. */
Status log_open(Log *log, const char *path, const char *metric, bool test, long epochs_kept);
Status log_add(Log *log, const EpochRow *row, const char *metric);
Status log_close(Log *log);

enum { CURVE_POINTS = 1024 };
typedef struct Curve { /* loss and validation or test loss over the epochs, thinned out to at most CURVE_POINTS */
    double points[CURVE_POINTS][3];
    size_t count;
    long stride; /* epochs from one point to the next */
} Curve;

void curve_add(Curve *curve, const EpochRow *row);
Status curve_plot(const Curve *curve, const Network *network, bool test, const char *path);

/* ---- loop.c: training */
typedef struct Snapshot { /* what a network holds, at one moment of a training */
    char *net;
    size_t position;
} Snapshot;

typedef struct Guard { /* what is needed to find the step whose loss is not finite, and to go back before it */
    Snapshot kept;     /* finite parameters, with which a loss was finite */
    Snapshot pending;  /* the same is not known yet, or it is workspace */
    bool proved;       /* kept is one */
    int age;           /* chunks since kept was taken */
} Guard;

typedef struct Best { /* the epoch with the lowest validation loss; only where training stops when it stalls */
    real *params, *state;
    double loss;
    long epoch, stalled; /* from 1, 0: none yet; epochs since then */
} Best;

typedef struct Run { /* one training, and what it works on */
    const Network *network;
    const Options *options;
    Memory *memory;
    void *net;
    Dataset *data; /* training and validation */
    Dataset *test; /* NULL: none */
    const char *save, *checkpoint;
    uint64_t seed;
    double rate; /* another start rate than the .nn's; 0: none */
    long epochs;
    long epoch;                        /* that is running, from 0; so many are done */
    size_t position;                   /* samples of it done */
    double loss_sum;                   /* over them */
    double last_loss, validation_loss; /* of the last whole epoch */
    double test_loss, metric_value;    /* after it, to be shown only; not a number: none */
    const char *ended;                 /* the rule that wants no more epochs: "below", "stalls"; NULL */
    Best best;
    Curve curve;
    real *params, *state, *optimizer; /* workspace: the vectors that get and set copy */
    size_t *order;                    /* of the samples in this epoch */
    size_t batch, chunk;              /* samples for a step, for one call of train_batches */
    real *x, *t;                      /* these, in the epoch's order */
    Guard guard;
    Metrics metrics;
    const char *metric;
    Log log;
    Progress progress;
    double deadline, checkpointed; /* seconds */
    int signal;                    /* that ended it, 0 */
    bool late;                     /* the time limit ended it */
} Run;

Status loop_prepare(Run *run);
Status loop_run(Run *run); /* until the end, a signal, the time limit, or a loss that is not finite */
void loop_begin_epoch(Run *run);
const real *loop_samples(Run *run, size_t from, size_t count, const real **t); /* in the epoch's order */
/* Is a part of the training data held out? It alone says when to stop, what is best and how schedules go on. */
bool loop_is_validated(const Run *run);
bool loop_shows_test(const Run *run); /* without such a part the loss of the test data is shown beside */

/* ---- signals.c: SIGINT and SIGTERM: the first one is noted, a second one ends the program at once */
void signals_watch(void);
int signals_caught(void);

/* ---- threads.c: several threads for one step of training, to the same bits */
/* `asked` of them, the one that calls included; not above 0: as many as are found to gain something. `shares`: has the network
 * anything to share? Fewer, if the system has no more. */
void threads_start(long asked, bool shares);
void threads_timed(double seconds, size_t samples); /* a whole chunk took so long: to find that out */
void threads_end(void);

/* ---- diverge.c: what to do about a loss that is not finite */
Status guard_prepare(Guard *guard, const Run *run);
Status guard_before(Run *run); /* around every chunk */
void guard_after(Guard *guard);
Status guard_replay(Run *run, size_t end, double *loss_sum); /* batch by batch up to `end`: the bad step is found and named */
Status guard_check_params(Run *run);                         /* after an epoch: what the last step did is finite */
Status guard_check_validation(Run *run);

/* ---- checkpoint.c: everything that a training needs to go on to the same bits */
Status checkpoint_save(Run *run);
Status checkpoint_begin(Run *run, const Store *store); /* what must be known before the data: seed and rate */
Status checkpoint_load(Run *run, const Store *store);

/* ---- the commands */
Status command_train(const Network *network, const Options *options, int *signal);
Status command_test(const Network *network, const Options *options);
Status command_predict(const Network *network, const Options *options);
Status command_generate(const Network *network, const Options *options);
Status command_info(const Network *network, const Options *options);

#endif
