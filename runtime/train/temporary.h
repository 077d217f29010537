/* temporary: files that are written beside the one whose place they take; the compiler writes so too. */
#ifndef NNC_TEMPORARY_H
#define NNC_TEMPORARY_H

#include <limits.h>
#include <stdbool.h>

/* A new one; its handle, or -1 with errno set. It is to be renamed or removed before the handle is closed. */
int temporary_open(const char *path, char name[PATH_MAX]);
/* Did writing or renaming one fail because another process has removed it? Then it is written again. */
bool temporary_is_gone(int error);
/* Removes what killed processes left in the folder of `path`; to be called where this process has none open. */
void temporary_sweep(const char *path);
/* A folder of that name with this at the end is removed with the file, together with the files in it. */
#define TEMPORARY_FOLDER ".d"

#endif
