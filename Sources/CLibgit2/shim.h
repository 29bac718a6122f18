// libgit2's headers, and a table of the functions that are used: the library is opened at run time, so that commands
// that need no git start without it. Each entry has the type that the headers declare; a name that is wrong does not
// compile. The few calls that Swift cannot make are wrapped.
#pragma once
#include <dlfcn.h>
#include <git2.h>
#include <git2/sys/repository.h>

#define ORCH_GIT_FUNCTIONS(X)                                                                                 \
  X(blame_file) X(blame_free) X(blame_get_hunk_byindex) X(blame_get_hunk_count) X(blame_options_init)         \
  X(blob_free) X(blob_lookup) X(blob_rawcontent) X(blob_rawsize) X(commit_author) X(commit_committer)         \
  X(commit_free) X(commit_id) X(commit_lookup) X(commit_message_encoding) X(commit_message_raw)               \
  X(commit_parent_id) X(commit_parentcount) X(commit_tree_id) X(config_delete_entry) X(config_entry_free)     \
  X(config_free) X(config_get_entry) X(config_open_default) X(config_open_level) X(config_set_string)         \
  X(error_last) X(graph_descendant_of) X(index_free) X(index_get_bypath) X(libgit2_init) X(libgit2_opts)      \
  X(libgit2_version) X(merge_base) X(object_free) X(object_id) X(object_peel) X(object_type) X(patch_free)    \
  X(patch_from_buffers) X(patch_line_stats) X(reference_free) X(reference_iterator_free)                      \
  X(reference_iterator_glob_new) X(reference_lookup) X(reference_name) X(reference_next) X(reference_peel)    \
  X(reference_shorthand) X(reference_symbolic_target) X(repository_commondir) X(repository_config)            \
  X(repository_config_snapshot) X(repository_free) X(repository_head) X(repository_head_detached)             \
  X(repository_index) X(repository_is_bare) X(repository_is_shallow) X(repository_open_ext)                   \
  X(repository_path) X(repository_state) X(repository_workdir) X(revparse) X(revparse_single)                 \
  X(revwalk_free) X(revwalk_hide) X(revwalk_new) X(revwalk_next) X(revwalk_push)                              \
  X(revwalk_simplify_first_parent) X(revwalk_sorting) X(status_byindex) X(status_list_entrycount)             \
  X(status_list_free) X(status_list_new) X(status_options_init) X(tree_entry_byindex)                         \
  X(tree_entry_filemode) X(tree_entry_id) X(tree_entry_name) X(tree_entrycount) X(tree_free) X(tree_lookup)

typedef struct {
#define ORCH_GIT_FIELD(name) __typeof__(git_##name) *name;
  ORCH_GIT_FUNCTIONS(ORCH_GIT_FIELD)
#undef ORCH_GIT_FIELD
} orch_git;

// The file of the library whose headers these are.
#ifdef __APPLE__
#define ORCH_GIT_LIBRARY "libgit2." LIBGIT2_SOVERSION ".dylib"
#else
#define ORCH_GIT_LIBRARY "libgit2.so." LIBGIT2_SOVERSION
#endif

static inline const char *orch_git_library(void) { return ORCH_GIT_LIBRARY; }

// Fills the table from an open library. Returns the name of a function that is missing, or NULL.
static inline const char *orch_git_load(orch_git *table, void *library) {
#define ORCH_GIT_ENTRY(name) \
  if (!(table->name = (__typeof__(table->name))dlsym(library, "git_" #name))) return "git_" #name;
  ORCH_GIT_FUNCTIONS(ORCH_GIT_ENTRY)
#undef ORCH_GIT_ENTRY
  return 0;
}

// Repositories with these extensions can be read by this library; it only has to be told.
static inline int orch_git_open_extensions(const orch_git *table) {
  const char *names[] = {"worktreeconfig", "partialclone", "preciousobjects", "relativeworktrees"};
  return table->libgit2_opts(GIT_OPT_SET_EXTENSIONS, names, sizeof names / sizeof *names);
}

// A small part of each pack in memory at a time. To be said before the first object is read: what is mapped stays as long
// as somebody reads there, and by default that is the whole pack.
static inline int orch_git_limit_windows(const orch_git *table) {
  int code = table->libgit2_opts(GIT_OPT_SET_MWINDOW_SIZE, (size_t)1024 * 1024);
  return code < 0 ? code : table->libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, (size_t)4 * 1024 * 1024);
}

// For a walk over a whole history: no cache of objects and, as git itself, no hash of each object that is read.
static inline int orch_git_stream(const orch_git *table) {
  int code = table->libgit2_opts(GIT_OPT_ENABLE_CACHING, 0);
  return code < 0 ? code : table->libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
}
