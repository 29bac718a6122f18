// The C library as OrchSystem uses it, the same on every platform: what differs between systems, and what Swift does
// not import (macros, variadic functions), is wrapped here.
#pragma once
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <poll.h>
#include <pthread.h>
#include <pwd.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static inline int orch_errno(void) { return errno; }

// Nanoseconds since 1970 of a file's last change.
static inline int64_t orch_modified(const struct stat *status) {
#ifdef __APPLE__
  const struct timespec *time = &status->st_mtimespec;
#else
  const struct timespec *time = &status->st_mtim;
#endif
  return (int64_t)time->tv_sec * 1000000000 + time->tv_nsec;
}

// Sets the time of a file's last change, in nanoseconds since 1970.
static inline int orch_set_modified(int descriptor, int64_t nanoseconds) {
  struct timespec time = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
  struct timespec times[2] = {time, time};
  return futimens(descriptor, times);
}

static inline const char *orch_entry_name(const struct dirent *entry) { return entry->d_name; }

// Nanoseconds of a clock that never jumps.
static inline uint64_t orch_monotonic(void) {
  struct timespec time = {0};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

// Nanoseconds since 1970 by the system's clock.
static inline int64_t orch_real_time(void) {
  struct timespec time = {0};
  clock_gettime(CLOCK_REALTIME, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

// How many seconds the machine has been suspended since it was started.
static inline int64_t orch_suspended(void) {
  struct timespec counting = {0}, halting = {0};
#ifdef __APPLE__
  clock_gettime(CLOCK_MONOTONIC, &counting);
  clock_gettime(CLOCK_UPTIME_RAW, &halting);
#else
  clock_gettime(CLOCK_BOOTTIME, &counting);
  clock_gettime(CLOCK_MONOTONIC, &halting);
#endif
  return counting.tv_sec - halting.tv_sec;
}

// Seconds east of UTC in the process's time zone at a moment, in seconds since 1970.
static inline long orch_utc_offset(int64_t seconds) {
  time_t moment = (time_t)seconds;
  struct tm local;
  return localtime_r(&moment, &local) ? local.tm_gmtoff : 0;
}

// Ends the process with 128 and the signal's number.
static inline void orch_exit_on_signal(int number) { _exit(128 + number); }

static inline void orch_signal_exit(int number) { signal(number, orch_exit_on_signal); }
static inline void orch_signal_ignore(int number) { signal(number, SIG_IGN); }

static inline int orch_signal_is_ignored(int number) {
  struct sigaction old;
  return sigaction(number, NULL, &old) == 0 && old.sa_handler == SIG_IGN;
}

// posix_spawn_file_actions_addchdir_np, which some headers show to GNU sources only.
#if defined(__linux__)
extern int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);
#endif
static inline int orch_spawn_chdir(posix_spawn_file_actions_t *actions, const char *path) {
  return posix_spawn_file_actions_addchdir_np(actions, path);
}

// What a wait status says, as a shell has it: the exit status, or 128 and the number of the signal.
static inline int orch_shell_status(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static inline int orch_set_close_on_exec(int descriptor) { return fcntl(descriptor, F_SETFD, FD_CLOEXEC); }

// How many bytes can be read without waiting; -1 where that is not known.
static inline int orch_readable_bytes(int descriptor) {
  int count = 0;
  return ioctl(descriptor, FIONREAD, &count) == 0 ? count : -1;
}

static inline char *const *orch_environment(void) {
  extern char **environ;
  return environ;
}

// Lowers the number of files that can be open to none, and returns what it was; 0: it could not be done.
static inline uint64_t orch_forbid_files(void) {
#ifndef __linux__
  return 0;
#endif
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  uint64_t before = limit.rlim_cur;
  limit.rlim_cur = 0;
  return setrlimit(RLIMIT_NOFILE, &limit) == 0 ? before : 0;
}

static inline void orch_allow_files(uint64_t before) {
  struct rlimit limit;
  if (before == 0 || getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = before;
  setrlimit(RLIMIT_NOFILE, &limit);
}
