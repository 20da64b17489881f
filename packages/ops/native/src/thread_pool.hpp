// A persistent pool: worker threads spin for some microseconds after a job and then sleep; the calling thread takes
// part in every job. Tasks are taken from one counter, so who runs what varies, but what a task computes never does.
#pragma once
#include <cstdint>

namespace nerfseg {

using Task = void (*)(void* context, int64_t index);

/** Runs task(context, i) for every i < count; returns when all are done. Nested and concurrent calls run serially. */
void run_tasks(int64_t count, Task task, void* context);

/** Threads that take part, the caller included. */
int thread_count();

/** Sets how many threads take part from the next job on (at least 1). Workers are started when first needed. */
void set_thread_count(int count);

}  // namespace nerfseg
