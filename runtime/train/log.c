/* log: a line for each epoch in a file, at once, so that it can be watched; and the curves of the loss as a picture. */
#include "train.h"
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The epoch that a line of the log tells of, 0 for the heading, -1 for none of ours. */
static long epoch_of(const char *line, bool json) {
    static const char before[] = "{\"epoch\": ";
    if (json && strncmp(line, before, sizeof before - 1) != 0) return -1;
    if (!json && !strncmp(line, "epoch,", 6)) return 0;
    char *end;
    long epoch = strtol(json ? line + sizeof before - 1 : line, &end, 10);
    return epoch > 0 && *end == ',' ? epoch : -1;
}

/* How many bytes of an earlier log to keep: whole lines, of the epochs that are not done again. */
static long kept_length(FILE *file, bool json, long epochs_kept) {
    char line[512];
    long kept = 0;
    while (fgets(line, sizeof line, file) && strchr(line, '\n')) {
        long epoch = epoch_of(line, json);
        if (epoch < 0 || epoch > epochs_kept) break;
        kept = ftell(file);
    }
    return kept;
}

static Status log_fail(const Log *log) {
    return fail_write(log->path, errno);
}

static const char *second_loss(const Log *log) {
    return log->test ? "test_loss" : "validation_loss";
}

Status log_open(Log *log, const char *path, const char *metric, bool test, long epochs_kept) {
    size_t length = strlen(path);
    log->path = path;
    log->test = test;
    log->json = length > 6 && !strcmp(path + length - 6, ".jsonl");
    if (!log->json && (length < 5 || strcmp(path + length - 4, ".csv") != 0))
        return fail(STATUS_USAGE, "--log %s: the name of a log ends in .csv or .jsonl", path);
    log->file = epochs_kept ? fopen(path, "r+") : NULL;
    long kept = log->file ? kept_length(log->file, log->json, epochs_kept) : 0;
    if (!log->file) log->file = fopen(path, "w");
    if (!log->file || fseek(log->file, kept, SEEK_SET)) return log_fail(log);
    if (epochs_kept && fflush(log->file) == 0 && ftruncate(fileno(log->file), kept) && errno != EINVAL) return log_fail(log);
    if (!kept && !log->json) fprintf(log->file, "epoch,loss,%s,%s\n", second_loss(log), metric);
    return fflush(log->file) ? log_fail(log) : STATUS_DONE;
}

static void print_cell(const Log *log, const char *key, double value) {
    char number[32];
    if (log->json)
        fprintf(log->file, ", \"%s\": %s", key, isfinite(value) ? number_print_double(number, value) : "null");
    else
        fprintf(log->file, ",%s", isfinite(value) ? number_print_double(number, value) : "");
}

Status log_add(Log *log, const EpochRow *row, const char *metric) {
    if (!log->file) return STATUS_DONE;
    fprintf(log->file, log->json ? "{\"epoch\": %ld" : "%ld", row->epoch);
    print_cell(log, "loss", row->loss);
    print_cell(log, second_loss(log), log->test ? row->test_loss : row->validation_loss);
    print_cell(log, metric, row->metric);
    fputs(log->json ? "}\n" : "\n", log->file);
    return fflush(log->file) ? log_fail(log) : STATUS_DONE;
}

Status log_close(Log *log) {
    FILE *file = log->file;
    log->file = NULL;
    return file && fclose(file) ? log_fail(log) : STATUS_DONE;
}

/* ---- the curves */

/* When all places are taken every second point goes, and from then on every second epoch. */
void curve_add(Curve *curve, const EpochRow *row) {
    if (!curve->stride) curve->stride = 1;
    if ((row->epoch - 1) % curve->stride) return;
    if (curve->count == CURVE_POINTS) {
        for (size_t i = 0; i < CURVE_POINTS / 2; i++) memcpy(curve->points[i], curve->points[2 * i], sizeof curve->points[i]);
        curve->count = CURVE_POINTS / 2;
        curve->stride *= 2;
        if ((row->epoch - 1) % curve->stride) return;
    }
    double *point = curve->points[curve->count++];
    point[0] = (double)row->epoch;
    point[1] = row->loss;
    point[2] = isnan(row->validation_loss) ? row->test_loss : row->validation_loss;
}

typedef struct Frame { /* what part of the plane the picture shows; the loss by its logarithm where that is possible */
    double first, last, low, high;
    bool logarithmic;
} Frame;

enum { PLOT_LEFT = 70, PLOT_TOP = 40, PLOT_WIDTH = 540, PLOT_HEIGHT = 300 };

static double frame_x(const Frame *frame, double epoch) {
    double span = frame->last > frame->first ? frame->last - frame->first : 1;
    return PLOT_LEFT + PLOT_WIDTH * (epoch - frame->first) / span;
}

static double frame_y(const Frame *frame, double loss) {
    double value = frame->logarithmic ? log10(loss) : loss, span = frame->high > frame->low ? frame->high - frame->low : 1;
    return PLOT_TOP + PLOT_HEIGHT * (1 - (value - frame->low) / span);
}

static Frame find_frame(const Curve *curve) {
    Frame frame = {curve->points[0][0], curve->points[curve->count - 1][0], INFINITY, -INFINITY, true};
    for (size_t i = 0; i < curve->count; i++) {
        for (int k = 1; k < 3; k++) {
            double loss = curve->points[i][k];
            if (isnan(loss)) continue;
            frame.low = fmin(frame.low, loss);
            frame.high = fmax(frame.high, loss);
            frame.logarithmic &= loss > 0;
        }
    }
    if (frame.logarithmic) frame.low = log10(frame.low), frame.high = log10(frame.high);
    return frame;
}

static void draw_curve(const Curve *curve, const Frame *frame, int k, const char *colour, Text *text) {
    text_add(text, "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\" points=\"", colour);
    for (size_t i = 0; i < curve->count; i++)
        if (!isnan(curve->points[i][k]))
            text_add(text, "%.1f,%.1f ", frame_x(frame, curve->points[i][0]), frame_y(frame, curve->points[i][k]));
    text_add(text, "\"/>\n");
}

static void draw_axes(const Frame *frame, Text *text) {
    enum { MARKS = 4 };
    int bottom = PLOT_TOP + PLOT_HEIGHT;
    text_add(text, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#888\"/>\n", PLOT_LEFT, PLOT_TOP,
             PLOT_WIDTH, PLOT_HEIGHT);
    for (int k = 0; k <= MARKS; k++) {
        double level = frame->low + (frame->high - frame->low) * k / MARKS, y = bottom - (double)PLOT_HEIGHT * k / MARKS;
        double epoch = frame->first + (frame->last - frame->first) * k / MARKS, x = PLOT_LEFT + (double)PLOT_WIDTH * k / MARKS;
        text_add(text, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.3g</text>\n", PLOT_LEFT - 6, y + 4,
                 frame->logarithmic ? pow(10, level) : level);
        text_add(text, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.0f</text>\n", x, bottom + 18, epoch);
    }
    text_add(text, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">epoch</text>\n", PLOT_LEFT + PLOT_WIDTH / 2, bottom + 38);
}

Status curve_plot(const Curve *curve, const Network *network, bool test, const char *path) {
    Text text = {NULL, 0, 0, false};
    bool second = curve->count && !isnan(curve->points[0][2]);
    text_add(&text,
             "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 640 400\" font-family=\"sans-serif\" font-size=\"12\">\n"
             "<rect width=\"640\" height=\"400\" fill=\"white\"/>\n");
    text_add(&text, "<text x=\"%d\" y=\"24\" font-size=\"15\">%s: <tspan fill=\"#1f5fbf\">loss</tspan>%s</text>\n", PLOT_LEFT,
             network->name,
             !second ? ""
             : test  ? ", <tspan fill=\"#c8501e\">test loss</tspan>"
                     : ", <tspan fill=\"#c8501e\">validation loss</tspan>");
    if (curve->count) {
        Frame frame = find_frame(curve);
        draw_axes(&frame, &text);
        draw_curve(curve, &frame, 1, "#1f5fbf", &text);
        if (second) draw_curve(curve, &frame, 2, "#c8501e", &text);
    }
    text_add(&text, "</svg>\n");
    Status status = file_write(path, &text, 1);
    text_release(&text);
    return status;
}
