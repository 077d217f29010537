#!/bin/sh
# Whole networks, lowered and run by the interpreter after every stage.
exec tests/unit/run.sh tests/ir
