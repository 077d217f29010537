# make            build/nnc
# make check      all tests (see tests/run); `make check-asan` the same with sanitizers
# make check-torch NETS=2000 SEED=1      random networks against PyTorch; without SEED a fresh one
# make check-sizes NETS=200 SEED=1      networks of realistic size in every form, drawn ones and those of tests and examples
# make check-compilers SEED=1      what gcc and clang with the usual flags make of emitted code: hours of a processor
# make soak HOURS=2       the tests that draw, with fresh seeds, until the time is over
# make mutate N=100 SEED=1               changes in the compiler, one at a time, which the tests should catch
# make lint       clang-format, clang-tidy, cppcheck
# make install    PREFIX (/usr/local), DESTDIR
# Everything made goes to BUILD.

BUILD  ?= build
PREFIX ?= /usr/local
CC     ?= cc
CFLAGS ?= -O2 -g
WARN   := -Wall -Wextra -Wshadow -Wpointer-arith -Wstrict-prototypes -Wmissing-prototypes -Wvla
NNC_CFLAGS := -std=c11 -D_POSIX_C_SOURCE=200809L $(WARN) -Icompiler -I$(BUILD) -MMD -MP $(CFLAGS)

SOURCES := $(sort $(wildcard compiler/*.c))
# The trainer's reader of parameter files, and of what they tell about the data, is nnc's as well.
STORE   := safetensors hash prepare shape class_name json memory message number text file temporary utf8 range
OBJECTS := $(SOURCES:compiler/%.c=$(BUILD)/%.o) $(STORE:%=$(BUILD)/train_%.o) $(BUILD)/nn.tab.o $(BUILD)/nn.lex.o $(BUILD)/embedded.o
EMBEDDED := grammar/prelude.nn $(sort $(wildcard runtime/model/*.[ch] runtime/train/*.[ch]))

all: $(BUILD)/nnc

$(BUILD)/nnc: $(OBJECTS)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(OBJECTS) -lm

# All of the compiler but main(), for unit tests.
$(BUILD)/libnnc.a: $(filter-out $(BUILD)/nnc.o,$(OBJECTS))
	rm -f $@ && ar rcs $@ $^

$(BUILD)/%.o: compiler/%.c Makefile | $(BUILD)/nn.tab.h
	$(CC) $(NNC_CFLAGS) -c -o $@ $<

$(BUILD)/train_%.o: runtime/train/%.c Makefile | $(BUILD)
	$(CC) $(NNC_CFLAGS) -DREAL=double -c -o $@ $<

$(BUILD)/nn.tab.c $(BUILD)/nn.tab.h &: grammar/nn.y | $(BUILD)
	bison -Wall -Werror -Wno-yacc -d -o $(BUILD)/nn.tab.c $<

$(BUILD)/nn.lex.c $(BUILD)/nn.lex.h &: grammar/nn.l | $(BUILD)
	flex --header-file=$(BUILD)/nn.lex.h -o $(BUILD)/nn.lex.c $<

$(BUILD)/nn.tab.o: $(BUILD)/nn.tab.c Makefile | $(BUILD)/nn.lex.h
	$(CC) $(NNC_CFLAGS) -Igrammar -Wno-unused-function -c -o $@ $<

$(BUILD)/nn.lex.o: $(BUILD)/nn.lex.c Makefile | $(BUILD)/nn.tab.h
	$(CC) $(NNC_CFLAGS) -Igrammar -Wno-unused-function -Wno-missing-prototypes -Wno-sign-compare -c -o $@ $<

# The prelude and the runtime's sources, as bytes inside nnc.
$(BUILD)/embed: tools/embed.c | $(BUILD)
	$(CC) -std=c11 -O1 -Wall -Wextra -o $@ $<

$(BUILD)/embedded.c: $(BUILD)/embed $(EMBEDDED)
	$(BUILD)/embed $(EMBEDDED) > $@.tmp && mv $@.tmp $@

$(BUILD)/embedded.o: $(BUILD)/embedded.c Makefile
	$(CC) $(NNC_CFLAGS) -c -o $@ $<

$(BUILD):
	mkdir -p $@

install: $(BUILD)/nnc
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 755 $(BUILD)/nnc $(DESTDIR)$(PREFIX)/bin/nnc
	install -m 644 docs/nnc.1 $(DESTDIR)$(PREFIX)/share/man/man1/nnc.1

check: $(BUILD)/nnc $(BUILD)/libnnc.a
	BUILD=$(BUILD) tests/run

check-asan: sanitized
	BUILD=$(BUILD)/asan tests/run --sanitized

NETS ?= 300
check-torch: $(BUILD)/nnc
	BUILD=$(BUILD) tests/torch/networks.py $(NETS) $(SEED)

check-sizes: $(BUILD)/nnc $(BUILD)/libnnc.a
	BUILD=$(BUILD) tests/sizes/sizes.py --every $(if $(filter command% environment%,$(origin NETS)),$(NETS),200) $(SEED)

HOURS ?= 2
soak: $(BUILD)/nnc $(BUILD)/libnnc.a
	BUILD=$(BUILD) tests/run --soak $(HOURS)

# What is emitted under every C compiler's usual flags against none: some hours. tests/run takes some of it.
check-compilers: $(BUILD)/nnc
	BUILD=$(BUILD) tests/c/compilers.py --all $(SEED)

# Changes the compiler in N places, one at a time: do the tests notice? A long run, in the background.
N ?= 100
mutate: $(BUILD)/nnc
	BUILD=$(BUILD) nice -n 19 tools/mutate $(N) $(SEED)

# Speeds and the share of the machine's peak; nothing else should run meanwhile. Options: make bench BENCH="--seconds 5 conv".
bench: all
	BUILD=$(BUILD) tools/bench/run $(BENCH)

# The same beside PyTorch, FANN, OpenBLAS and oneDNN, whose packages it installs.
bench-peers: all
	tools/packages gcc g++ python3 python3-torch libfann-dev libopenblas-dev libdnnl-dev
	BUILD=$(BUILD) tools/bench/peers $(BENCH)

sanitized:
	$(MAKE) BUILD=$(BUILD)/asan CFLAGS="-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all" $(BUILD)/asan/nnc $(BUILD)/asan/libnnc.a

# What tests/run --all needs.
testable: $(BUILD)/nnc $(BUILD)/libnnc.a sanitized

# A file that was found clean is looked at again when it, what it includes or the configuration changes. runtime/model holds pieces that
# mean nothing alone: they are looked at as they are spliced, with the tests of tests/math. Of tests that include a header that they
# generate only the layout is looked at.
LAID_OUT := $(sort $(wildcard compiler/*.[ch] runtime/*/*.[ch] tools/*.c tools/bench/*.[ch] tests/*/*.[ch]))
TIDIED   := $(sort $(wildcard compiler/*.c runtime/train/*.c tools/*.c) $(shell grep -L '"net\.h"' tests/*/*.c))
SPLICED  := $(BUILD)/lint/runtime/model.h
LINT_FLAGS = -std=c11 -D_POSIX_C_SOURCE=200809L -DREAL=double -Icompiler -Iruntime/train -I$(BUILD)
lint:
	@$(MAKE) --no-print-directory -j$$(nproc) -k linted

linted: layout $(TIDIED:%=$(BUILD)/lint/%)

layout:
	@clang-format --dry-run --Werror $(LAID_OUT)

$(BUILD)/lint/%: % .clang-tidy | $(BUILD)/nn.tab.h $(SPLICED)
	@mkdir -p $(@D)
	@echo lint $<
	@$(CC) $(LINT_FLAGS) -MM -MP -MT $@ -MF $@.d $<
	@clang-tidy --quiet $< -- $(LINT_FLAGS) 2> $@.log || { cat $@.log; exit 1; }
	@cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,portability --inline-suppr -Icompiler -Iruntime/train -I$(BUILD) $<
	@touch $@

$(BUILD)/lint/tests/math/%: LINT_FLAGS += -include $(SPLICED)

$(SPLICED): tests/math/splice.py $(wildcard runtime/model/*.c)
	@mkdir -p $(@D)
	@python3 $< > $@.tmp && mv $@.tmp $@

clean:
	rm -rf $(BUILD)

# What each file includes, as it was found when it was compiled or looked at.
-include $(wildcard $(BUILD)/*.d $(BUILD)/lint/*/*.d $(BUILD)/lint/*/*/*.d)

.PHONY: all bench bench-peers check check-asan check-compilers check-sizes check-torch soak mutate sanitized testable lint linted layout install clean
