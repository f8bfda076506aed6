/// The difference between two texts as `git apply` and `patch` take it (POSIX diff, option -u).
package enum UnifiedDiff {
  private static let context = 3

  /// Empty when both are equal.
  ///
  /// - Parameters:
  ///   - before: nil for a file that is not there yet.
  ///   - after: nil for a file that goes.
  package static func text(path: String, before: String?, after: String?) -> String {
    let old = lines(before ?? "")
    let new = lines(after ?? "")
    guard old != new || (before == nil) != (after == nil) else { return "" }
    var text = "diff --git \(quoted("a/" + path)) \(quoted("b/" + path))\n"
    if before == nil { text += "new file mode 100644\n" }
    if after == nil { text += "deleted file mode 100644\n" }
    text += "--- \(before == nil ? "/dev/null" : quoted("a/" + path))\n"
    text += "+++ \(after == nil ? "/dev/null" : quoted("b/" + path))\n"
    for hunk in hunks(edits(old, new)) { text += hunk }
    return text
  }

  private enum Edit {
    case keep(Substring)
    case remove(Substring)
    case insert(Substring)

    var isKept: Bool { if case .keep = self { true } else { false } }
  }

  /// Lines with their line feed; the last may have none.
  private static func lines(_ text: String) -> [Substring] {
    var result: [Substring] = []
    var rest = text.utf8[...]
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      result.append(Substring(rest[...end]))
      rest = rest[rest.index(after: end)...]
    }
    if !rest.isEmpty { result.append(Substring(rest)) }
    return result
  }

  private static func edits(_ old: [Substring], _ new: [Substring]) -> [Edit] {
    let difference = new.difference(from: old)
    var removed: Set<Int> = []
    var inserted: Set<Int> = []
    for change in difference {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): inserted.insert(offset)
      }
    }
    var result: [Edit] = []
    var (left, right) = (0, 0)
    while left < old.count || right < new.count {
      if left < old.count, removed.contains(left) {
        result.append(.remove(old[left]))
        left += 1
      } else if right < new.count, inserted.contains(right) {
        result.append(.insert(new[right]))
        right += 1
      } else {
        result.append(.keep(old[left]))
        left += 1
        right += 1
      }
    }
    return result
  }

  private static func hunks(_ edits: [Edit]) -> [String] {
    var result: [String] = []
    // Numbers of the lines before each edit, in the old and in the new text.
    var starts: [(old: Int, new: Int)] = []
    var (oldLine, newLine) = (0, 0)
    for edit in edits {
      starts.append((oldLine, newLine))
      switch edit {
      case .keep:
        oldLine += 1
        newLine += 1
      case .remove: oldLine += 1
      case .insert: newLine += 1
      }
    }
    var index = 0
    while let first = edits[index...].firstIndex(where: { !$0.isKept }) {
      var last = first
      while let next = edits[(last + 1)...].firstIndex(where: { !$0.isKept }),
        next - last <= 2 * context + 1
      {
        last = next
      }
      let range = max(first - context, 0)..<min(last + context + 1, edits.count)
      result.append(hunk(edits[range], start: starts[range.lowerBound]))
      index = last + 1
    }
    return result
  }

  private static func hunk(_ edits: ArraySlice<Edit>, start: (old: Int, new: Int)) -> String {
    var body = ""
    var (oldCount, newCount) = (0, 0)
    for edit in edits {
      switch edit {
      case .keep(let line):
        oldCount += 1
        newCount += 1
        body += printed(" ", line)
      case .remove(let line):
        oldCount += 1
        body += printed("-", line)
      case .insert(let line):
        newCount += 1
        body += printed("+", line)
      }
    }
    // An empty side starts before its first line.
    let old = "\(oldCount == 0 ? start.old : start.old + 1),\(oldCount)"
    let new = "\(newCount == 0 ? start.new : start.new + 1),\(newCount)"
    return "@@ -\(old) +\(new) @@\n\(body)"
  }

  private static func printed(_ sign: String, _ line: Substring) -> String {
    line.utf8.last == UInt8(ascii: "\n")
      ? "\(sign)\(line)" : "\(sign)\(line)\n\\ No newline at end of file\n"
  }

  /// Names that git would quote (git config core.quotePath).
  private static func quoted(_ path: String) -> String {
    guard path.utf8.contains(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C || $0 == 0x7F }) else {
      return path
    }
    var text = "\""
    for byte in path.utf8 {
      switch byte {
      case 0x22, 0x5C: text += "\\" + String(Unicode.Scalar(byte))
      case ..<0x20, 0x7F:
        let octal = String(byte, radix: 8)
        text += "\\" + String(repeating: "0", count: 3 - octal.count) + octal
      default: text.unicodeScalars.append(Unicode.Scalar(byte))
      }
    }
    return text + "\""
  }
}
