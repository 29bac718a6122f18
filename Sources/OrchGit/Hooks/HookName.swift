/// The hooks that `orch` installs into a repository.
package enum HookName: String, CaseIterable, Sendable {
  case prepareCommitMessage = "prepare-commit-msg"
  case commitMessage = "commit-msg"
  case postCommit = "post-commit"
  case postMerge = "post-merge"
  case postApplyPatch = "post-applypatch"
  case postRewrite = "post-rewrite"
  case prePush = "pre-push"
}
