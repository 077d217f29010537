/* trainer: the whole command line of a compiled network; returns the exit status. */
#include "train.h"
#include <errno.h>
#include <fenv.h>
#include <signal.h>

static Status run_command(const Network *network, const Options *options, int *signal_caught) {
    switch (options->command) {
    case COMMAND_TRAIN: return command_train(network, options, signal_caught);
    case COMMAND_TEST: return command_test(network, options);
    case COMMAND_PREDICT: return command_predict(network, options);
    case COMMAND_GENERATE: return command_generate(network, options);
    case COMMAND_INFO: return command_info(network, options);
    case COMMAND_HELP: return options_help(network, options->program), STATUS_DONE;
    case COMMAND_VERSION:
        return printf("%s, compiled from %s by %s\n", network->name, network->source, network->compiler), STATUS_DONE;
    }
    return STATUS_USAGE;
}

/* A file that grows beyond the limit of this process is an error like others, not the end. A program that is linked with -Ofast
 * starts with a processor that takes tiny numbers for 0. */
int trainer_main(const Network *network, int argc, char **argv) {
    Options options;
    int signal_caught = 0;
    signal(SIGXFSZ, SIG_IGN);
    fesetenv(FE_DFL_ENV);
    Status status = options_parse(&options, network, argc, argv);
    if (!status) status = run_command(network, &options, &signal_caught);
    if ((fflush(stdout) || ferror(stdout)) && !status) status = fail_write("standard output", errno);
    return status == STATUS_DONE && signal_caught ? 128 + signal_caught : (int)status;
}
