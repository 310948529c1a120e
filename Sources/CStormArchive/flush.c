#define _GNU_SOURCE
#include "CStormArchive.h"

#include <unistd.h>

int storm_flush_file_system(int descriptor) { return syncfs(descriptor); }
