internal import OrchCore
internal import OrchStore

/// Everything that a claim filters tasks by, interned: most databases have a handful.
struct TaskClass: Hashable {
  var kind: String
  var project: String?
  var assignee: String?
  var reviewers: [String]

  init(kind: String, project: String?, assignee: String?, reviewers: [String]) {
    self.kind = kind
    self.project = project
    self.assignee = assignee
    self.reviewers = reviewers
  }

  init(_ task: Task) {
    self.init(kind: task.kind, project: task.project, assignee: task.assignee, reviewers: task.reviewers)
  }

  /// The text that names it in the database.
  var name: String {
    JSON.array([
      .string(kind), project.map { .string($0) } ?? .null, assignee.map { .string($0) } ?? .null, .strings(reviewers),
    ]).text()
  }

  func isIn(_ projects: ProjectScope) -> Bool {
    switch projects {
    case .all: true
    case .current(let name): project == nil || project == name
    case .only(let name): project == name
    }
  }

  /// Whether a claimer asks for tasks of this class, whoever may take them.
  func matches(_ query: ClaimQuery) -> Bool {
    (query.kinds.isEmpty || query.kinds.contains(kind)) && isIn(query.projects)
  }

  /// Whether the claimer may take tasks of this class.
  func admits(_ agent: String) -> Bool { (assignee == nil || assignee == agent) && !reviewers.contains(agent) }
}

/// The classes that a connection has read.
struct TaskClasses {
  private(set) var all: [Int64: TaskClass] = [:]
  private var numbers: [TaskClass: Int64] = [:]
  private var newest: Int64 = 0

  func number(of taskClass: TaskClass) -> Int64? { numbers[taskClass] }

  /// Reads the classes that were added since.
  mutating func refresh(_ connection: Connection) throws(SQLiteFailure) {
    let statement = try connection.statement(
      "SELECT id, kind, project, assignee, reviewers FROM class WHERE id > ?1 ORDER BY id")
    statement.bind(1, newest)
    var found: [(Int64, TaskClass)] = []
    try statement.query { row in
      let reviewers = (try? JSON.parse(row.text(4)))?.arrayValue?.compactMap(\.stringValue) ?? []
      found.append(
        (
          row.int(0),
          TaskClass(kind: row.text(1), project: row.optionalText(2), assignee: row.optionalText(3), reviewers: reviewers)
        ))
    }
    for (id, taskClass) in found { insert(taskClass, id) }
  }

  /// The number of a class, added when it is new.
  mutating func intern(_ taskClass: TaskClass, _ connection: Connection) throws(SQLiteFailure) -> Int64 {
    if let number = numbers[taskClass] { return number }
    try refresh(connection)
    if let number = numbers[taskClass] { return number }
    let statement = try connection.statement(
      "INSERT INTO class(kind, project, assignee, reviewers, name) VALUES(?1, ?2, ?3, ?4, ?5)")
    statement.bind(1, taskClass.kind)
    statement.bind(2, taskClass.project)
    statement.bind(3, taskClass.assignee)
    statement.bind(4, JSON.strings(taskClass.reviewers).text())
    statement.bind(5, taskClass.name)
    try statement.run()
    let number = connection.lastInsertedRow
    insert(taskClass, number)
    return number
  }

  private mutating func insert(_ taskClass: TaskClass, _ id: Int64) {
    all[id] = taskClass
    numbers[taskClass] = id
    newest = max(newest, id)
  }
}
