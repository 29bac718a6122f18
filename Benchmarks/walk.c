/* The floor for a scan of a history: a walk of libgit2 from the head over every commit, which reads each message and
   looks for our trailers in its last paragraph.
   usage: walk REPOSITORY   -> JSON line: commits, those with a trailer, seconds */
#include <git2.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static int fail(const char *what) {
  const git_error *error = git_error_last();
  fprintf(stderr, "%s: %s\n", what, error ? error->message : "?");
  return 1;
}

/* Whether a line of the last paragraph begins with "Orch-Task:". */
static int has_trailer(const char *message) {
  size_t end = strlen(message);
  while (end > 0 && message[end - 1] == '\n') end--;
  size_t line = end;
  while (line > 0) {
    size_t start = line;
    while (start > 0 && message[start - 1] != '\n') start--;
    if (start == line) return 0;
    if (strncasecmp(message + start, "Orch-Task:", 10) == 0) return 1;
    if (start == 0) return 0;
    line = start - 1;
  }
  return 0;
}

int main(int count, char **arguments) {
  if (count < 2) return 64;
  git_libgit2_init();
  git_repository *repository;
  if (git_repository_open(&repository, arguments[1])) return fail("open");
  double start = now();
  git_revwalk *walk;
  if (git_revwalk_new(&walk, repository) || git_revwalk_push_head(walk)) return fail("walk");
  git_oid oid;
  long commits = 0, found = 0;
  while (git_revwalk_next(&oid, walk) == 0) {
    git_commit *commit;
    if (git_commit_lookup(&commit, repository, &oid)) return fail("commit");
    found += has_trailer(git_commit_message_raw(commit));
    git_commit_free(commit);
    commits++;
  }
  printf("{\"commits\":%ld,\"found\":%ld,\"seconds\":%.4f}\n", commits, found, now() - start);
  return 0;
}
