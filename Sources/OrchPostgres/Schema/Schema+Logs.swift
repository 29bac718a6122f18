extension Schema {
  /// Migration 2: sessions of several logs in one database, each with names of its own.
  ///
  /// A task's `origin` is the log of its session, and empty of this database's own. Ids and open keys are unique in one
  /// log.
  static let logs = [
    "ALTER TABLE orch.task ADD COLUMN origin text COLLATE \"C\" NOT NULL DEFAULT ''",
    "ALTER TABLE orch.task DROP CONSTRAINT task_name",
    "ALTER TABLE orch.task ADD CONSTRAINT task_name UNIQUE(id, origin)",
    "DROP INDEX orch.task_open_key",
    "CREATE UNIQUE INDEX task_open_key ON orch.task(open_key, origin) WHERE open_key IS NOT NULL"
  ]
}
