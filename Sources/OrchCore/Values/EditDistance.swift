/// The letters to insert, delete or replace, and neighbours to swap, that make one text of the
/// other: Damerau–Levenshtein in the form in which no part is edited twice (optimal string
/// alignment). Letters are characters, so a Hangul syllable is one and NFC equals NFD.
///
/// - Returns: 0...`limit`; `nil` when it is more than `limit`, found without finishing.
package func editDistance(_ left: String, _ right: String, limit: Int) -> Int? {
  editDistance(Array(left), Array(right), limit: limit)
}

/// The candidate that fewest edits away from `text`, for "did you mean"; the first of several.
///
/// - Parameter distance: the most edits that still count as a misspelling. A candidate that has
///   nothing in common with `text`, as a short one easily has not, is never near.
/// - Returns: `nil` when no candidate is near enough. A candidate equal to `text` is nearest.
package func nearest(
  to text: String, in candidates: some Sequence<String>, within distance: Int
) -> String? {
  let letters = Array(text)
  var best: String?
  var limit = distance
  for candidate in candidates {
    let others = Array(candidate)
    guard
      let distance = editDistance(letters, others, limit: limit),
      distance == 0 || distance < max(letters.count, others.count)
    else { continue }
    best = candidate
    if distance == 0 { break }
    // Only a nearer one counts from here on.
    limit = distance - 1
  }
  return best
}

private func editDistance(_ left: [Character], _ right: [Character], limit: Int) -> Int? {
  guard abs(left.count - right.count) <= limit else { return nil }
  guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }

  // Row i holds the distances between the first i letters of `left` and every prefix of `right`.
  var twoAgo: [Int] = []
  var previous = Array(0...right.count)
  var row = previous
  for i in 1...left.count {
    row[0] = i
    for j in 1...right.count {
      let replaced = previous[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1)
      row[j] = min(replaced, previous[j] + 1, row[j - 1] + 1)
      if i > 1, j > 1, left[i - 1] == right[j - 2], left[i - 2] == right[j - 1] {
        row[j] = min(row[j], twoAgo[j - 2] + 1)
      }
    }
    // Every later distance grows from this row, or by a swap from the one before, which is at
    // most one less.
    if row.allSatisfy({ $0 > limit }) { return nil }
    twoAgo = previous
    previous = row
  }
  return previous[right.count] <= limit ? previous[right.count] : nil
}
