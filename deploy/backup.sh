#!/bin/sh
# Saves a backup under today's date into FOLDER and then deletes all but the newest COUNT.
# usage: backup.sh FOLDER [COUNT]
# DIGESTBOT says how to call digestbot where it is not in PATH.
set -eu

folder=$1
count=${2:-14}
"${DIGESTBOT:-digestbot}" backup "$folder/digestbot-$(date +%Y-%m-%d-%H%M%S).tar.gz"

# What a backup left half done that was killed a day ago and more.
find "$folder" -maxdepth 1 -type f -name '.digestbot-*.tmp' -mtime +0 -exec rm -- {} +

# The names sort by time. Nothing is deleted where no new one came.
find "$folder" -maxdepth 1 -type f -name 'digestbot-????-??-??-??????.tar.gz' | sort -r | tail -n "+$((count + 1))" |
    while IFS= read -r old; do
        rm -- "$old"
    done
