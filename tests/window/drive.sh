#!/bin/bash
# Runs beside a screen, in the machine that has the window: does each line that comes in and answers "DONE" and its exit code.
while IFS= read -r line; do
  eval "$line" </dev/null 2>&1
  printf 'DONE %s\n' $?
done
running=$(jobs -p)
[ -z "$running" ] || { kill $running; wait; }
