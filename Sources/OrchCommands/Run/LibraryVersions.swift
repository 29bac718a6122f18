import OrchGit
import OrchPostgres
import OrchSQLite

/// The versions of the libraries that the program uses or would use.
enum LibraryVersions {
  static let program = "0.1.0"

  static var text: String {
    "orch \(program)\nlibsqlite3 \(SQLiteStore.libraryVersion)\nlibgit2 \(GitLibrary.version ?? "none")\nlibpq \(PQLibrary.version ?? "none")"
  }
}
