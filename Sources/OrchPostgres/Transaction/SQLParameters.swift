/// The values of a statement that is put together at run time, in the order of its parameters.
struct SQLParameters {
  private(set) var values: [String?] = []

  /// Adds a value.
  ///
  /// - Returns: the parameter that stands for it.
  mutating func add(_ value: some QueryValue) -> String {
    values.append(value.queryText)
    return "$\(values.count)"
  }

  /// Adds values.
  ///
  /// - Returns: what a column is to be equal to: the one, or any of them.
  mutating func anyOf<Value: QueryValue>(_ list: [Value], _ type: String) -> String {
    list.count == 1 ? "\(add(list[0]))::\(type)" : "ANY(\(add(list))::\(type)[])"
  }
}
