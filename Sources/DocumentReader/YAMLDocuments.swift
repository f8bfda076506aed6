package import MeshModel
import Yams

/// Reads YAML text into located nodes, one document at a time, so that a broken document does not
/// take the others with it.
package enum YAMLDocuments {
  /// Every document of `text` that could be read; the others are diagnostics in `sink`.
  ///
  /// - Parameters:
  ///   - path: names the file in locations.
  ///   - firstLine: line of the file at which `text` starts.
  package static func read(
    _ text: String, path: String, firstLine: Int = 1, limits: DocumentLimits = .standard,
    into sink: DiagnosticSink
  ) -> [DocumentNode] {
    chunks(of: text).compactMap { chunk in
      let reader = YAMLDocumentReader(
        path: path, lineOffset: firstLine - 1 + chunk.linesBefore, limits: limits, sink: sink)
      return reader.read(chunk.text)
    }
  }

  private struct Chunk {
    var text: String
    var linesBefore: Int
  }

  /// Splits at lines that start with `---` or `...`: in the first column they always begin or end a
  /// document.
  ///
  /// Directives (`%YAML`) belong to the document that follows them.
  private static func chunks(of text: String) -> [Chunk] {
    var chunks: [Chunk] = []
    let bytes = text.utf8
    var start = bytes.startIndex
    if text.unicodeScalars.first == "\u{FEFF}" {
      start = bytes.index(start, offsetBy: 3)
    }
    var chunkStart = start
    var chunkLine = 0
    var isBlank = true
    var hasDirective = false
    var line = 0

    func close(at end: String.Index) {
      if !isBlank {
        chunks.append(Chunk(text: String(text[chunkStart..<end]), linesBefore: chunkLine))
      }
    }

    while start < bytes.endIndex {
      let end =
        bytes[start...].firstIndex(of: UInt8(ascii: "\n")).map(bytes.index(after:))
        ?? bytes.endIndex
      let content = bytes[start..<end]
      if isMarker(content, "---") {
        if !(isBlank && hasDirective) {
          close(at: start)
          (chunkStart, chunkLine) = (start, line)
        }
        let rest = content.dropFirst(3).drop(while: isSpace)
        isBlank = rest.isEmpty || rest.first == UInt8(ascii: "#")
        hasDirective = false
      } else if isMarker(content, "...") {
        close(at: start)
        (chunkStart, chunkLine) = (end, line + 1)
        (isBlank, hasDirective) = (true, false)
      } else if isBlank, content.first == UInt8(ascii: "%") {
        hasDirective = true
      } else if isBlank, let first = content.first(where: { !isSpace($0) }),
        first != UInt8(ascii: "#")
      {
        isBlank = false
      }
      line += 1
      start = end
    }
    close(at: bytes.endIndex)
    return chunks
  }

  private static func isMarker(_ line: Substring.UTF8View, _ marker: String) -> Bool {
    guard line.starts(with: marker.utf8) else { return false }
    return line.dropFirst(3).first.map(isSpace) ?? true
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
      || byte == UInt8(ascii: "\n")
  }
}

/// Reads one YAML document.
private struct YAMLDocumentReader {
  let path: String
  let lineOffset: Int
  let limits: DocumentLimits
  let sink: DiagnosticSink

  func read(_ text: String) -> DocumentNode? {
    let overridden = overriddenMark(for: text)
    do {
      guard !AliasGuard.isSuspicious(text) else {
        throw TooLarge(message: "a key of an object is made of aliases")
      }
      guard let node = try compose(text, overridden: overridden) else { return nil }
      var budget = limits.nodeCount
      return try convert(node, overridden: overridden, budget: &budget, depth: 0)
    } catch let error as YamlError {
      report(error)
    } catch let error as TooLarge {
      sink.report(
        .error, "document-too-large", error.message, at: location(nil),
        hint: "split the document, or look for YAML aliases that repeat each other")
    } catch {
      sink.report(.error, "yaml-syntax", "not readable as YAML", at: location(nil))
    }
    return nil
  }

  /// A private-use character that the text does not have: it marks keys that are overridden by a
  /// later one of the same name, see `compose`.
  private func overriddenMark(for text: String) -> Unicode.Scalar {
    let present = Set(text.unicodeScalars.lazy.filter { (0xE000...0xF8FF).contains($0.value) })
    return (0xE000...0xF8FF).lazy.compactMap { Unicode.Scalar(UInt32($0)) }
      .first { !present.contains($0) } ?? "\u{E000}"
  }

  /// Composes the document.
  ///
  /// Repeated keys are reported, and the last one counts, as it does for the JSON readers of
  /// Kubernetes. Yams refuses a document with a repeated key and names the first of the keys. That
  /// key is then made unique in the text with the mark and a number, and the document is composed
  /// again; keys with the mark are left out of the result.
  private func compose(_ text: String, overridden: Unicode.Scalar) throws -> Node? {
    var text = text
    for _ in 0..<100 {
      do {
        return try Yams.compose(yaml: text, .basic)
      } catch YamlError.duplicatedKeysInMapping(let duplicates, let context) {
        let mark = context.mark
        guard let position = index(of: mark, in: text), isKey(at: position, in: text) else {
          break
        }
        sink.report(
          .error, "duplicate-key",
          "key \"\(duplicates.first ?? "")\" is given more than once in one object",
          at: location(mark),
          hint: "keep one of them; Kubernetes refuses the manifest or silently takes the last")
        let isQuoted = text[position] == "\"" || text[position] == "'"
        let insertion = isQuoted ? text.index(after: position) : position
        text.unicodeScalars.insert(overridden, at: insertion)
        text.insert(
          contentsOf: String(text.utf8.count), at: text.unicodeScalars.index(after: insertion))
      }
    }
    return try Yams.compose(yaml: text, .basic)
  }

  /// An anchor or alias is not changed: it stands for more than its place.
  private func isKey(at position: String.Index, in text: String) -> Bool {
    position < text.endIndex && !"&*!".unicodeScalars.contains(text.unicodeScalars[position])
  }

  /// Lines end as libyaml ends them: CR, LF, CR LF, NEL, LS, PS (YAML 1.1 section 4.1.4).
  private func index(of mark: Mark, in text: String) -> String.Index? {
    let scalars = text.unicodeScalars
    var position = scalars.startIndex
    var line = 1
    while line < mark.line {
      guard position < scalars.endIndex else { return nil }
      let scalar = scalars[position]
      position = scalars.index(after: position)
      switch scalar {
      case "\r":
        if position < scalars.endIndex, scalars[position] == "\n" {
          position = scalars.index(after: position)
        }
        line += 1
      case "\n", "\u{85}", "\u{2028}", "\u{2029}": line += 1
      default: break
      }
    }
    return scalars.index(position, offsetBy: mark.column - 1, limitedBy: scalars.endIndex)
  }

  private func convert(
    _ node: Node, overridden: Unicode.Scalar, budget: inout Int, depth: Int
  ) throws -> DocumentNode {
    budget -= 1
    guard budget >= 0 else {
      throw TooLarge(message: "the document has more than \(limits.nodeCount) values")
    }
    guard depth <= limits.depth else {
      throw TooLarge(message: "the document is nested deeper than \(limits.depth) levels")
    }
    let place = location(node.mark)
    switch node {
    case .scalar(let scalar):
      let isPlain = scalar.style == .plain || scalar.style == .any
      let isString = !isPlain || scalar.tag.description == Tag.Name.str.rawValue
      let value: JSONValue =
        isString ? .string(scalar.string) : PlainScalar.value(of: scalar.string)
      return DocumentNode(.scalar(.init(text: scalar.string, value: value)), at: place)
    case .sequence(let sequence):
      var items: [DocumentNode] = []
      items.reserveCapacity(sequence.count)
      for item in sequence {
        items.append(try convert(item, overridden: overridden, budget: &budget, depth: depth + 1))
      }
      return DocumentNode(.sequence(items), at: place)
    case .mapping(let mapping):
      var entries: [DocumentNode.Entry] = []
      entries.reserveCapacity(mapping.count)
      var merged: [DocumentNode.Entry] = []
      for (key, value) in mapping {
        let keyText = key.scalar?.string ?? ""
        if keyText.unicodeScalars.contains(overridden) { continue }
        guard key.scalar != nil else {
          sink.report(
            .error, "key-not-text", "a key of an object is not text", at: location(key.mark))
          continue
        }
        let node = try convert(value, overridden: overridden, budget: &budget, depth: depth + 1)
        if keyText == "<<", key.scalar?.style == .plain {
          merged += node.entries ?? node.items?.flatMap { $0.entries ?? [] } ?? []
        } else {
          entries.append(.init(key: keyText, keyLocation: location(key.mark), value: node))
        }
      }
      for entry in merged where !entries.contains(where: { $0.key == entry.key }) {
        entries.append(entry)
      }
      return DocumentNode(.mapping(entries), at: place)
    case .alias:
      throw TooLarge(message: "an alias could not be resolved")
    }
  }

  private func location(_ mark: Mark?) -> SourceLocation {
    SourceLocation(path: path, line: lineOffset + (mark?.line ?? 1), column: mark?.column ?? 1)
  }

  private func report(_ error: YamlError) {
    let (problem, mark): (String, Mark?) =
      switch error {
      case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
        .composer(_, let problem, let mark, _):
        (problem, mark)
      case .reader(let problem, let offset, _, _):
        (offset.map { "\(problem) at byte \($0)" } ?? problem, nil)
      case .duplicatedKeysInMapping(let keys, let context):
        ("key \"\(keys.first ?? "")\" is given more than once, like others before", context.mark)
      default: ("not readable as YAML", nil)
      }
    sink.report(
      .error, "yaml-syntax", "\(problem); the document was not read", at: location(mark),
      hint: "check the indentation and quotes at this place")
  }

  private struct TooLarge: Error {
    var message: String
  }
}
