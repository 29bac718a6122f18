extension Migration {
  /// Which program understands a session, by the vocabulary numbers of its events (`Session.neededVocabulary`,
  /// `Session.readVocabulary`); and, on PostgreSQL, a name for what a statement expects of a row.
  ///
  /// On SQLite `session.tops` becomes `session.heads`: a program of an older schema that has the file open while it is
  /// upgraded asks for the number no more, and its next statement has to fail.
  ///
  /// What was written before needs no more than the program that wrote it knew: 27. The index has those sessions alone
  /// whose rows do not follow from all of their events.
  static let vocabulary = Migration(
    "vocabulary", lowestReader: 3, lowestWriter: 3,
    sqlite: [
      """
      ALTER TABLE session RENAME COLUMN tops TO heads;
      ALTER TABLE session ADD COLUMN needed_vocabulary INTEGER NOT NULL DEFAULT 27;
      ALTER TABLE session ADD COLUMN read_vocabulary INTEGER;
      CREATE INDEX session_partial ON session(read_vocabulary) WHERE read_vocabulary IS NOT NULL;
      """
    ],
    postgres: [
      "ALTER TABLE orch.session ADD COLUMN needed_vocabulary bigint NOT NULL DEFAULT 27",
      "ALTER TABLE orch.session ADD COLUMN read_vocabulary bigint",
      "CREATE INDEX session_partial ON orch.session(read_vocabulary, number) WHERE read_vocabulary IS NOT NULL",
      PostgresStatement(
        """
        CREATE FUNCTION orch.require(holds boolean) RETURNS boolean LANGUAGE plpgsql AS
        $$ BEGIN
          IF holds THEN RETURN true; END IF;
          RAISE EXCEPTION 'a row is not at the version that was read' USING ERRCODE = 'ORC01';
        END $$
        """, needsFunctions: true)
    ])
}
