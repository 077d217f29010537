# make            build/nnc
# make check      all tests (see tests/run); `make check-asan` the same with sanitizers
# make lint       clang-format, clang-tidy, cppcheck
# make install    PREFIX (/usr/local), DESTDIR
# Everything made goes to BUILD.

BUILD  ?= build
PREFIX ?= /usr/local
CC     ?= cc
CFLAGS ?= -O2 -g
WARN   := -Wall -Wextra -Wshadow -Wpointer-arith -Wstrict-prototypes -Wmissing-prototypes -Wvla
NNC_CFLAGS := -std=c11 -D_POSIX_C_SOURCE=200809L $(WARN) -Icompiler -I$(BUILD) $(CFLAGS)

SOURCES := $(sort $(wildcard compiler/*.c))
# The trainer's reader of parameter files is nnc's as well.
STORE   := safetensors json memory message number text file
OBJECTS := $(SOURCES:compiler/%.c=$(BUILD)/%.o) $(STORE:%=$(BUILD)/train_%.o) $(BUILD)/nn.tab.o $(BUILD)/nn.lex.o $(BUILD)/embedded.o
HEADERS := $(wildcard compiler/*.h compiler/*.def) $(BUILD)/nn.tab.h
EMBEDDED := grammar/prelude.nn $(sort $(wildcard runtime/model/*.[ch] runtime/train/*.[ch]))

all: $(BUILD)/nnc

$(BUILD)/nnc: $(OBJECTS)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(OBJECTS) -lm

# All of the compiler but main(), for unit tests.
$(BUILD)/libnnc.a: $(filter-out $(BUILD)/nnc.o,$(OBJECTS))
	rm -f $@ && ar rcs $@ $^

$(BUILD)/%.o: compiler/%.c $(HEADERS) | $(BUILD)
	$(CC) $(NNC_CFLAGS) -c -o $@ $<

$(BUILD)/train_%.o: runtime/train/%.c $(wildcard runtime/train/*.h) | $(BUILD)
	$(CC) $(NNC_CFLAGS) -DREAL=double -c -o $@ $<

$(BUILD)/nn.tab.c $(BUILD)/nn.tab.h &: grammar/nn.y | $(BUILD)
	bison -Wall -Werror -Wno-yacc -d -o $(BUILD)/nn.tab.c $<

$(BUILD)/nn.lex.c $(BUILD)/nn.lex.h &: grammar/nn.l | $(BUILD)
	flex --header-file=$(BUILD)/nn.lex.h -o $(BUILD)/nn.lex.c $<

$(BUILD)/nn.tab.o: $(BUILD)/nn.tab.c $(BUILD)/nn.lex.h $(HEADERS)
	$(CC) $(NNC_CFLAGS) -Igrammar -Wno-unused-function -c -o $@ $<

$(BUILD)/nn.lex.o: $(BUILD)/nn.lex.c $(BUILD)/nn.tab.h $(HEADERS)
	$(CC) $(NNC_CFLAGS) -Igrammar -Wno-unused-function -Wno-missing-prototypes -Wno-sign-compare -c -o $@ $<

# The prelude and the runtime's sources, as bytes inside nnc.
$(BUILD)/embed: tools/embed.c | $(BUILD)
	$(CC) -std=c11 -O1 -Wall -Wextra -o $@ $<

$(BUILD)/embedded.c: $(BUILD)/embed $(EMBEDDED)
	$(BUILD)/embed $(EMBEDDED) > $@.tmp && mv $@.tmp $@

$(BUILD)/embedded.o: $(BUILD)/embedded.c compiler/embedded.h
	$(CC) $(NNC_CFLAGS) -c -o $@ $<

$(BUILD):
	mkdir -p $@

install: $(BUILD)/nnc
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 755 $(BUILD)/nnc $(DESTDIR)$(PREFIX)/bin/nnc
	install -m 644 docs/nnc.1 $(DESTDIR)$(PREFIX)/share/man/man1/nnc.1

check: $(BUILD)/nnc $(BUILD)/libnnc.a
	BUILD=$(BUILD) tests/run

check-asan:
	$(MAKE) BUILD=build/asan CC="$(CC)" CFLAGS="-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all" build/asan/nnc build/asan/libnnc.a
	BUILD=build/asan tests/run --sanitized

LINTED := $(SOURCES) $(sort $(wildcard runtime/*/*.c tools/*.c tests/*/*.c))
lint:
	clang-format --dry-run --Werror $(LINTED) $(sort $(wildcard compiler/*.h runtime/*/*.h))
	$(MAKE) $(BUILD)/nn.tab.h
	clang-tidy --quiet $(LINTED) -- -std=c11 -D_POSIX_C_SOURCE=200809L -Icompiler -Iruntime -I$(BUILD)
	cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,portability --inline-suppr -Icompiler -Iruntime -I$(BUILD) compiler runtime tools

clean:
	rm -rf build

.PHONY: all check check-asan lint install clean
