#include "thread_pool.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include <pthread.h>

#if defined(__x86_64__) || defined(__i386__)
#include <immintrin.h>
#define NERFSEG_PAUSE() _mm_pause()
#elif defined(__aarch64__)
#define NERFSEG_PAUSE() asm volatile("yield")
#else
#define NERFSEG_PAUSE() (void)0
#endif

namespace nerfseg {
namespace {

constexpr int kMaxThreads = 256;
constexpr auto kSpin = std::chrono::microseconds(200);
/** Set in `state` while no job may be joined; the other bits count the workers inside the job. */
constexpr uint32_t kClosed = 1u << 31;

struct Pool {
  // The job. Written by the caller while `state` is closed, read by workers that joined.
  Task task = nullptr;
  void* context = nullptr;
  int64_t count = 0;
  alignas(64) std::atomic<int64_t> next{0};
  alignas(64) std::atomic<uint32_t> state{kClosed};
  alignas(64) std::atomic<uint32_t> generation{0};
  std::atomic<int> sleepers{0};
  std::atomic<int> wanted{1};
  int started = 1;
  std::mutex sleep_mutex;
  std::condition_variable sleep;
  /** One job at a time: a second JavaScript thread computes alone meanwhile. */
  std::mutex owner;
};

// Never destroyed: workers may still be waiting on it while the process exits.
Pool& pool() {
  static Pool* const instance = new Pool();
  return *instance;
}

thread_local bool inside_job = false;

void take_tasks(Pool& p) {
  inside_job = true;
  for (int64_t i = p.next.fetch_add(1, std::memory_order_relaxed); i < p.count;
       i = p.next.fetch_add(1, std::memory_order_relaxed)) {
    p.task(p.context, i);
  }
  inside_job = false;
}

uint32_t wait_for_job(Pool& p, uint32_t seen) {
  const auto deadline = std::chrono::steady_clock::now() + kSpin;
  do {
    for (int i = 0; i < 64; i++) {
      const uint32_t now = p.generation.load(std::memory_order_acquire);
      if (now != seen) return now;
      NERFSEG_PAUSE();
    }
  } while (std::chrono::steady_clock::now() < deadline);
  std::unique_lock<std::mutex> lock(p.sleep_mutex);
  p.sleepers.fetch_add(1);
  p.sleep.wait(lock, [&] { return p.generation.load() != seen; });
  p.sleepers.fetch_sub(1);
  return p.generation.load();
}

/** What a worker starts with. */
struct Start {
  int index;
  uint32_t seen;
};

void* work(void* argument) {
  auto [index, seen] = *static_cast<Start*>(argument);
  delete static_cast<Start*>(argument);
  Pool& p = pool();
  for (;;) {
    seen = wait_for_job(p, seen);
    if (index >= p.wanted.load(std::memory_order_relaxed)) continue;
    // A worker that comes too late sees the closed bit and leaves the job's fields alone.
    const uint32_t before = p.state.fetch_add(1, std::memory_order_acq_rel);
    if (!(before & kClosed)) take_tasks(p);
    p.state.fetch_sub(1, std::memory_order_acq_rel);
  }
}

/** Where the system has no more threads, those that there are have to do: std::thread would end the process. */
void start_workers(Pool& p, int count) {
  for (; p.started < count; p.started++) {
    auto* start = new Start{p.started, p.generation.load()};
    pthread_t thread;
    if (pthread_create(&thread, nullptr, work, start) != 0) {
      delete start;
      p.wanted.store(p.started, std::memory_order_relaxed);
      return;
    }
    pthread_detach(thread);
  }
}

}  // namespace

int thread_count() { return pool().wanted.load(std::memory_order_relaxed); }

void set_thread_count(int count) {
  pool().wanted.store(count < 1 ? 1 : count > kMaxThreads ? kMaxThreads : count, std::memory_order_relaxed);
}

void run_tasks(int64_t count, Task task, void* context) {
  Pool& p = pool();
  const bool alone = count <= 1 || inside_job || thread_count() == 1 || !p.owner.try_lock();
  if (alone) {
    for (int64_t i = 0; i < count; i++) task(context, i);
    return;
  }
  start_workers(p, thread_count());
  p.task = task;
  p.context = context;
  p.count = count;
  p.next.store(0, std::memory_order_relaxed);
  p.state.fetch_and(~kClosed, std::memory_order_acq_rel);
  p.generation.fetch_add(1);
  if (p.sleepers.load() > 0) {
    { std::lock_guard<std::mutex> lock(p.sleep_mutex); }
    p.sleep.notify_all();
  }
  take_tasks(p);
  p.state.fetch_or(kClosed, std::memory_order_acq_rel);
  for (int i = 0; (p.state.load(std::memory_order_acquire) & ~kClosed) != 0; i++) {
    NERFSEG_PAUSE();
    // A worker may have been descheduled in the middle of a task: give it the core.
    if (i > 4096) std::this_thread::yield();
  }
  p.owner.unlock();
}

}  // namespace nerfseg
