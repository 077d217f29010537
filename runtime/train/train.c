/* train: the command `train`, from the data to the report. */
#include "train.h"
#include <math.h>
#include <string.h>
#include <unistd.h>

/* ---- before the loop */

typedef struct Training { /* all that one call of the command owns */
    Memory memory;
    Store store; /* the checkpoint to resume, or the parameters to begin with */
    Preparation preparation;
    Dataset data, test;
    Run run;
    double started;
} Training;

static Status check_network(const Network *network, const Options *options) {
    if (network->train.present && network->train_batches && options->rate > 0 && !network->set_rate)
        return fail(STATUS_USAGE, "--rate: the rate of this network can't be set from outside, it is part of %s",
                    network->source);
    if (network->train.present && network->train_batches) return STATUS_DONE;
    fail(STATUS_INPUT, "%s has no train block, so this program can't train", network->source);
    hint("add train { loss = ...; optimizer = ... } and compile again");
    return STATUS_INPUT;
}

static DataSource data_source(const Network *network, const Options *options) {
    if (options->data[0]) return (DataSource){options->data[0], options->data[1]};
    return (DataSource){network->data.file, network->data.labels};
}

static DataSource test_source(const Network *network, const Options *options) {
    if (options->test_data[0]) return (DataSource){options->test_data[0], options->test_data[1]};
    if (options->data[0]) return (DataSource){NULL, NULL};
    return (DataSource){network->data.test_file, network->data.test_labels};
}

/* Nothing is written over the data, nor over something else that is written. */
static Status check_names(const char *const *written, int nwritten, const char *const *read, int nread) {
    for (int w = 0; w < nwritten; w++) {
        for (int k = 0; k < nread; k++)
            if (written[w] && read[k] && file_is_same(written[w], read[k]))
                return fail(STATUS_USAGE, "%s would be written over the data in %s: choose another name", written[w], read[k]);
        for (int k = 0; k < w; k++)
            if (written[w] && written[k] && file_is_same(written[w], written[k]))
                return fail(STATUS_USAGE, "%s would be written over %s: choose another name", written[w], written[k]);
    }
    return STATUS_DONE;
}

static Status check_written(const Run *run) {
    const DataSource data = data_source(run->network, run->options), test = test_source(run->network, run->options);
    const char *const read[] = {data.file, data.labels, test.file, test.labels};
    const char *const written[] = {run->save, run->checkpoint, run->options->plot, run->options->log};
    enum { READ = sizeof read / sizeof *read, WRITTEN = sizeof written / sizeof *written };
    Status status = check_names(written, WRITTEN, read, READ);
    for (int k = 0; k < WRITTEN && !status; k++)
        if (written[k] && written[k] != run->options->log) status = file_check_writable(written[k]);
    return status;
}

static Status begin_run(Training *training, const Network *network, const Options *options) {
    Run *run = &training->run;
    run->network = network;
    run->options = options;
    run->memory = &training->memory;
    run->data = &training->data;
    run->save = params_path(network, options->save, &training->memory);
    run->checkpoint = run->save ? checkpoint_path(run->save, &training->memory) : NULL;
    run->seed = options->seeded ? options->seed : network->train.seed;
    run->rate = options->rate;
    run->epochs = options->epochs >= 0 ? options->epochs : network->train.epochs;
    return run->checkpoint ? check_written(run) : STATUS_SYSTEM;
}

/* The file that the training goes on from: the checkpoint, the parameters of the command line, those of the .nn, or none. */
static Status open_start(Training *training) {
    Run *run = &training->run;
    const char *params = run->options->params ? run->options->params : run->network->train.params;
    const char *path = run->options->resume ? run->checkpoint : params;
    Status status = path ? store_read(&training->store, &training->memory, path) : STATUS_DONE;
    if (status && run->options->resume && access(path, F_OK)) hint("nothing to resume? begin without --resume");
    if (status || !path) return status;
    return run->options->resume ? checkpoint_begin(run, &training->store) : params_compare(run->network, &training->store);
}

/* Parameters were learned for inputs scaled in one way, so that way stays theirs; and so do the names of classes, unless the
 * .nn gives others. */
static Status inherit(Training *training, const Network *network) {
    Preparation old;
    Status status = prepare_begin(&old, network, &training->memory);
    if (!status) status = prepare_restore(&old, network, &training->store, &training->memory);
    if (status) return status;
    if (!training->preparation.scales) training->preparation.scales = old.scales;
    if (training->preparation.classes || !old.classes) return STATUS_DONE;
    training->preparation.classes = old.classes;
    training->preparation.nclasses = old.nclasses;
    return STATUS_DONE;
}

static Status prepare_data(Training *training, const Network *network) {
    Status status = prepare_begin(&training->preparation, network, &training->memory);
    if (status || !training->store.path) return status;
    if (training->run.options->resume)
        return prepare_restore(&training->preparation, network, &training->store, &training->memory);
    return inherit(training, network);
}

static Status check_source(const Network *network, const DataSource *source) {
    if (source->file || network->data.nsamples) return STATUS_DONE;
    fail(STATUS_INPUT, "%s names no data", network->source);
    hint("name a file with --data FILE, or add a data block and compile again");
    return STATUS_INPUT;
}

static void begin_dataset(Training *training, Dataset *data) {
    data->network = training->run.network;
    data->preparation = &training->preparation;
    data->memory = &training->memory;
}

static Status load_data(Training *training) {
    Run *run = &training->run;
    DataSource source = data_source(run->network, run->options);
    Status status = check_source(run->network, &source);
    begin_dataset(training, &training->data);
    if (!status) status = dataset_load(&training->data, &source);
    if (!status) status = dataset_split(&training->data, run->seed);
    return status ? status : dataset_finish(&training->data);
}

/* The test data are prepared as the training data are. */
static Status load_all(Training *training) {
    Run *run = &training->run;
    DataSource test = test_source(run->network, run->options);
    Status status = load_data(training);
    if (status || !test.file) return status;
    begin_dataset(training, &training->test);
    run->test = &training->test;
    status = dataset_load(&training->test, &test);
    return status ? status : dataset_finish(&training->test);
}

static Status create_network(Training *training) {
    Run *run = &training->run;
    const Network *network = run->network;
    run->net = network_create(network, &training->memory, run->seed);
    if (!run->net) return STATUS_SYSTEM;
    if (run->rate > 0) network->set_rate(run->net, run->rate);
    Status status = loop_prepare(run);
    if (status || !training->store.path) return status;
    return run->options->resume ? checkpoint_load(run, &training->store)
                                : params_load(network, run->net, &training->store, &training->memory);
}

static Status start_training(Training *training, const Network *network, const Options *options) {
    Status status = check_network(network, options);
    if (!status) status = begin_run(training, network, options);
    if (!status) status = open_start(training);
    if (!status) status = prepare_data(training, network);
    if (!status) status = load_all(training);
    if (!status) status = create_network(training);
    Run *run = &training->run;
    if (!status && options->log) status = log_open(&run->log, options->log, run->metric, loop_shows_test(run), run->epoch);
    return status;
}

static void announce(const Training *training) {
    const Run *run = &training->run;
    const Dataset *data = &training->data;
    if (run->options->quiet) return;
    printf("%s: %zu sample%s for training", run->network->name, data->training, plural(data->training));
    if (data->training < data->count) printf(", %zu for validation", data->count - data->training);
    printf(" (%s)", data->file);
    if (run->test) printf(", %zu for testing (%s)", run->test->count, run->test->file);
    putchar('\n');
    if (run->epoch || run->position)
        printf("resumed after %ld epoch%s and %zu sample%s\n", run->epoch, plural((unsigned long)run->epoch), run->position,
               plural(run->position));
    else if (training->store.path)
        printf("beginning with the parameters of %s\n", training->store.path);
    fflush(stdout);
}

/* ---- after the loop */

/* What is saved and reported: the best epoch's, or the last. */
static void take_params(Run *run, bool best) {
    const Network *network = run->network;
    if (best && run->best.epoch) {
        network->set_params(run->net, run->best.params);
        if (network->states) network->set_state(run->net, run->best.state);
    }
    network->get_params(run->net, run->params);
    if (network->states) network->get_state(run->net, run->state);
}

static void describe_training(const Run *run, Text *texts) {
    char text[32];
    text_add_pair(texts, "epochs", (snprintf(text, sizeof text, "%ld", run->best.epoch ? run->best.epoch : run->epoch), text));
    text_add_pair(texts, "seed", (snprintf(text, sizeof text, "%llu", (unsigned long long)run->seed), text));
    text_add_pair(texts, "data", (snprintf(text, sizeof text, "%016llx", (unsigned long long)run->data->print), text));
    if (isfinite(run->last_loss)) text_add_pair(texts, "loss", number_print_double(text, run->last_loss));
    if (loop_is_validated(run) && isfinite(run->validation_loss))
        text_add_pair(texts, "validation_loss",
                      number_print_double(text, run->best.epoch ? run->best.loss : run->validation_loss));
}

static Status save_params(Run *run) {
    Text texts = {NULL, 0, 0, false};
    take_params(run, true);
    describe_training(run, &texts);
    Status status = params_save(run->network, run->data->preparation, run->params, run->state, run->save, &texts);
    text_release(&texts);
    if (!status && !run->options->quiet) printf("saved %s\n", run->save);
    return status;
}

/* The checkpoint comes first: it holds the last parameters, which the best take the place of afterwards. */
static Status save_all(Run *run) {
    Status status = checkpoint_save(run), saved = save_params(run);
    if (!status) status = saved;
    if (!status && run->options->plot) status = curve_plot(&run->curve, run->network, loop_shows_test(run), run->options->plot);
    return status;
}

static void report_part(Run *run, const char *what, const Dataset *data, size_t from, size_t to, bool whole) {
    metrics_measure(&run->metrics, data, run->net, from, to);
    printf("\n%s, %zu sample%s\n", what, to - from, plural(to - from));
    metrics_print(&run->metrics, run->network, data->preparation, whole && !run->network->data.text);
}

/* The table belongs to the data that were seen least. */
static void report_all(Run *run) {
    const Dataset *data = run->data;
    bool split = data->training < data->count;
    report_part(run, "training", data, 0, data->training, !split && !run->test);
    if (split) report_part(run, "validation", data, data->training, data->count, !run->test);
    if (run->test) report_part(run, "test", run->test, 0, run->test->count, true);
    putchar('\n');
}

static void say_end(const Training *training) {
    const Run *run = &training->run;
    double seconds = clock_seconds() - training->started;
    if (run->ended) printf("stopped after %ld epoch%s: ", run->epoch, plural((unsigned long)run->epoch));
    if (run->ended && !strcmp(run->ended, "below"))
        printf("the training loss is below %g\n", run->network->train.stop_at);
    else if (run->ended)
        printf("the validation loss stalls; the best parameters are those after epoch %ld\n", run->best.epoch);
    if (run->progress.samples)
        printf("trained %llu sample%s in %.3g s (%.3g samples/s)\n", (unsigned long long)run->progress.samples,
               plural(run->progress.samples), seconds, (double)run->progress.samples / (seconds > 0 ? seconds : 1e-9));
    else
        printf("nothing to train: %ld of %ld epoch%s done\n", run->epoch, run->epochs, plural((unsigned long)run->epochs));
}

/* After a signal or the time limit there is no report, only the way back. */
static Status leave_training(Run *run) {
    progress_end(&run->progress);
    if (!run->options->quiet) printf("stopped in epoch %ld of %ld\n", run->epoch + 1, run->epochs);
    Status status = save_all(run);
    if (status) return status;
    fputs("resume with: ", run->options->quiet ? stderr : stdout);
    options_print_resume(run->options, run->options->quiet ? stderr : stdout);
    return STATUS_DONE;
}

static Status diverge(Run *run) {
    if (!run->guard.proved) {
        fprintf(stderr, "  no step went well: nothing is saved\n");
        return STATUS_DIVERGED;
    }
    Status status = save_params(run);
    if (status) return status;
    if (run->best.epoch)
        fprintf(stderr, "  the parameters of the best epoch, %ld, are in %s\n", run->best.epoch, run->save);
    else
        fprintf(stderr, "  the parameters after step %llu are in %s\n", (unsigned long long)run->network->get_step(run->net),
                run->save);
    return STATUS_DIVERGED;
}

/* A log or a checkpoint that can't be written does not cost what was learned, if there is room for that. */
static void break_off(Run *run, Status status) {
    fail(status, "training stops here, after %ld epoch%s", run->epoch, plural((unsigned long)run->epoch));
    if (status == STATUS_SYSTEM && !guard_check_params(run)) save_all(run);
}

static Status finish_training(Training *training) {
    Run *run = &training->run;
    progress_end(&run->progress);
    if (!run->options->quiet) say_end(training);
    Status status = checkpoint_save(run);
    take_params(run, true);
    if (!status && !run->options->quiet) report_all(run);
    Status saved = save_params(run);
    if (!status) status = saved;
    if (!status && run->options->plot) status = curve_plot(&run->curve, run->network, loop_shows_test(run), run->options->plot);
    return status;
}

static Status run_training(Training *training) {
    Run *run = &training->run;
    announce(training);
    training->started = clock_seconds();
    if (run->options->time_limit > 0) run->deadline = training->started + run->options->time_limit;
    progress_start(&run->progress, run->options->quiet, run->epochs, run->metric);
    threads_start(run->options->threads, run->network->train.shares);
    Status status = loop_run(run);
    threads_end();
    if (status == STATUS_DIVERGED)
        status = diverge(run);
    else if (status)
        break_off(run, status);
    else
        status = run->signal || run->late ? leave_training(run) : finish_training(training);
    Status closed = log_close(&run->log);
    return status ? status : closed;
}

Status command_train(const Network *network, const Options *options, int *signal) {
    Training training;
    memset(&training, 0, sizeof training);
    Status status = start_training(&training, network, options);
    signals_watch();
    if (!status) status = run_training(&training);
    if (training.run.log.file) log_close(&training.run.log);
    *signal = training.run.signal;
    memory_release(&training.memory);
    return status;
}
