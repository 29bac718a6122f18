/* Runs two commands by turns, A B B A A B …, each COUNT times, output thrown away, and compares how long they take from
   spawn to exit. With COUNT 1 and one command: measures that one.
   usage: pair COUNT A [WORD]... [-- B [WORD]...]   -> JSON line; times in microseconds, memory in kilobytes */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static long memory; /* the most that any run of the command last named used */

static double run(char **words, int is_checked) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  pid_t child;
  int status;
  struct rusage usage;
  double start = now();
  if (posix_spawn(&child, words[0], &actions, 0, words, environ)) {
    fprintf(stderr, "pair: cannot start %s\n", words[0]);
    exit(1);
  }
  wait4(child, &status, 0, &usage);
  double time = now() - start;
  posix_spawn_file_actions_destroy(&actions);
  if (is_checked && (!WIFEXITED(status) || WEXITSTATUS(status) != 0)) {
    fprintf(stderr, "pair: %s failed (status %d)\n", words[0], status);
    exit(1);
  }
  memory = usage.ru_maxrss;
#ifdef __APPLE__
  memory /= 1024;
#endif
  return time;
}

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

static double quantile(double *sorted, int count, double share) { return sorted[(int)((count - 1) * share)]; }

int main(int argc, char **argv) {
  if (argc < 3) return 64;
  int count = atoi(argv[1]);
  char **commands[2] = {argv + 2, 0};
  for (int i = 2; i < argc; i++)
    if (!strcmp(argv[i], "--")) {
      argv[i] = 0;
      commands[1] = argv + i + 1;
      break;
    }
  int both = commands[1] != 0;
  double *times[2] = {calloc(count, sizeof(double)), calloc(count, sizeof(double))};
  double *ratios = calloc(count, sizeof(double));
  long most[2] = {0, 0};
  if (count > 10) /* warm both up */
    for (int i = 0; i < 10; i++) {
      run(commands[0], 1);
      if (both) run(commands[1], 1);
    }
  for (int i = 0; i < count; i++) {
    for (int turn = 0; turn <= both; turn++) {
      int which = both ? turn ^ (i & 1) : 0;
      times[which][i] = run(commands[which], 1);
      if (memory > most[which]) most[which] = memory;
    }
    ratios[i] = both ? times[0][i] / times[1][i] : 1;
  }
  for (int which = 0; which <= both; which++) qsort(times[which], count, sizeof(double), compare);
  qsort(ratios, count, sizeof(double), compare);
  printf("{\"runs\":%d,\"a\":%.1f,\"aFast\":%.1f,\"aMemory\":%ld", count, quantile(times[0], count, .5),
         quantile(times[0], count, .1), most[0]);
  if (both)
    printf(",\"b\":%.1f,\"bFast\":%.1f,\"bMemory\":%ld,\"ratio\":%.3f,\"ratioOfMedians\":%.3f",
           quantile(times[1], count, .5), quantile(times[1], count, .1), most[1], quantile(ratios, count, .5),
           quantile(times[0], count, .5) / quantile(times[1], count, .5));
  printf("}\n");
  return 0;
}
