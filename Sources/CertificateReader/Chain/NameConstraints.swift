import MeshModel

/// The subtrees of names that a CA is constrained to (RFC 5280 4.2.1.10).
struct NameConstraints {
  /// A base name: `.example` for DNS and hosts of URIs covers what ends in it.
  private struct Subtree {
    var kind: SubjectAlternativeName.Kind
    var base: String
  }

  enum Verdict {
    case permitted
    case notPermitted
    /// The certificate has a name of a kind that is constrained and that we do not compare.
    case notEvaluated
  }

  private var permitted: [Subtree] = []
  private var excluded: [Subtree] = []

  /// Nil when the extension cannot be read.
  init?(_ bytes: [UInt8], _ value: Range<Int>) {
    do throws(DERError) {
      var walker = DERWalker(bytes)
      var position = value.lowerBound
      let sequence = try walker.next(
        &position, end: value.upperBound, tag: DERTag.sequence, "the name constraints")
      var inner = sequence.content.lowerBound
      while inner < sequence.end {
        let list = try walker.next(&inner, end: sequence.end)
        switch list.tag {
        case DERTag.explicit(0): permitted += try Self.subtrees(list.content, &walker)
        case DERTag.explicit(1): excluded += try Self.subtrees(list.content, &walker)
        default: return nil
        }
      }
    } catch {
      return nil
    }
  }

  private static func subtrees(_ content: Range<Int>, _ walker: inout DERWalker) throws(DERError)
    -> [Subtree]
  {
    var found: [Subtree] = []
    var position = content.lowerBound
    while position < content.upperBound {
      let subtree = try walker.next(
        &position, end: content.upperBound, tag: DERTag.sequence, "a subtree of names")
      var inner = subtree.content.lowerBound
      let base = try walker.next(&inner, end: subtree.end)
      let kind: SubjectAlternativeName.Kind =
        switch base.tag {
        case DERTag.implicit(1): .email
        case DERTag.implicit(2): .dns
        case DERTag.explicit(4): .directory
        case DERTag.implicit(6): .uri
        case DERTag.implicit(7): .ip
        default: .other
        }
      found.append(
        Subtree(
          kind: kind, base: String(decoding: walker.bytes[base.content], as: UTF8.self).lowercased()
        ))
    }
    return found
  }

  /// Whether the names of a certificate lie inside.
  func verdict(on facts: CertificateFacts) -> Verdict {
    guard let names = facts.subjectAlternativeNames else { return .notEvaluated }
    var isEvaluated = true
    for name in names {
      let allowed = permitted.filter { $0.kind == name.kind }
      let denied = excluded.filter { $0.kind == name.kind }
      guard !allowed.isEmpty || !denied.isEmpty else { continue }
      guard let host = Self.host(of: name) else {
        isEvaluated = false
        continue
      }
      if denied.contains(where: { Self.covers($0, host) }) { return .notPermitted }
      if !allowed.isEmpty, !allowed.contains(where: { Self.covers($0, host) }) {
        return .notPermitted
      }
    }
    // A subject that is not empty is a directory name, too.
    let constrainsDirectory = (permitted + excluded).contains { $0.kind == .directory }
    if constrainsDirectory, facts.subject?.isEmpty != true { isEvaluated = false }
    return isEvaluated ? .permitted : .notEvaluated
  }

  /// What is compared: a DNS name, or the host of a URI.
  private static func host(of name: SubjectAlternativeName) -> String? {
    switch name.kind {
    case .dns: return name.value.lowercased()
    case .uri:
      guard let scheme = name.value.range(of: "://") else { return nil }
      let rest = name.value[scheme.upperBound...]
      let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
      return rest[..<end].lowercased()
    default: return nil
    }
  }

  /// Whether a name lies in a subtree.
  ///
  /// DNS: the base itself and everything below it; URI: the host itself, or with a leading dot
  /// everything below it (RFC 5280 4.2.1.10).
  private static func covers(_ subtree: Subtree, _ host: String) -> Bool {
    let base = subtree.base
    if base.isEmpty { return true }
    if subtree.kind == .dns {
      let name = base.hasPrefix(".") ? String(base.dropFirst()) : base
      return host == name || host.hasSuffix("." + name)
    }
    return base.hasPrefix(".") ? host.hasSuffix(base) : host == base
  }
}

extension String {
  /// Where `text` stands first.
  fileprivate func range(of text: String) -> Range<String.Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
      start = index(after: start)
    }
    return nil
  }
}
